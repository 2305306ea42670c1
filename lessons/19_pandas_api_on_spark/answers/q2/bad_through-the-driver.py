areas = ps.from_pandas(pandas_areas)
