homes = ps.read_parquet(path, index_col=["listing_id", "room_type"])
homes["each"] = homes["price"] / homes["accommodates"]
