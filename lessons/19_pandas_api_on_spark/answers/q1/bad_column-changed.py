homes = ps.read_parquet(path, index_col="listing_id")
homes["price"] = homes["price"] / homes["accommodates"]
homes["each"] = homes["price"]
