homes = ps.read_parquet(path, index_col="listing_id")
homes["per_guest"] = homes["price"] / homes["accommodates"]
