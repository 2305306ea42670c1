homes = ps.read_parquet(path, index_col="listing_id")
homes["each"] = homes["price"] // homes["accommodates"]
