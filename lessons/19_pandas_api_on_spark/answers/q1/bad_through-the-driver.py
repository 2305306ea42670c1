homes = ps.from_pandas(pandas_homes)
