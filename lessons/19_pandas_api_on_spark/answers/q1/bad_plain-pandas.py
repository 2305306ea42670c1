homes = pd.read_parquet(path).set_index("listing_id")
homes["each"] = homes["price"] / homes["accommodates"]
