homes = ps.read_parquet(path, columns=["price", "accommodates"], index_col="listing_id")
homes["each"] = homes["price"] / homes["accommodates"]
