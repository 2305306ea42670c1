homes = ps.read_parquet(path, index_col="listing_id")
homes = homes["price"] / homes["accommodates"]
