homes = ps.DataFrame(pandas_homes.drop(columns="each"))
homes["each"] = homes["price"] / homes["accommodates"]
