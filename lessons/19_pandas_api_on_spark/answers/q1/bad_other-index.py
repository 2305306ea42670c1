homes = ps.read_parquet(path)
homes["each"] = homes["price"] / homes["accommodates"]
