stores_everywhere = F.broadcast(stores)
joined = orders.join(stores_everywhere, on="store_id", how="left")
