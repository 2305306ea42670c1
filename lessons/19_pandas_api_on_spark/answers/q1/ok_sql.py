query = f"SELECT *, price / accommodates AS each FROM parquet.`{path}`"
homes = ps.sql(query, index_col="listing_id")
