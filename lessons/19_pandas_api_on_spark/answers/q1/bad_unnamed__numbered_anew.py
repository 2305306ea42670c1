homes = train.pandas_api().rename_axis("listing_id")
homes["each"] = homes["price"] / homes["accommodates"]
