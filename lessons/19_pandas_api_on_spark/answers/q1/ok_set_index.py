homes = ps.read_parquet(path).set_index("listing_id")
homes = homes.assign(each=lambda frame: frame["price"] / frame["accommodates"])
