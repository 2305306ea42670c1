homes = print(ps.read_parquet(path, index_col="listing_id").head(2))
