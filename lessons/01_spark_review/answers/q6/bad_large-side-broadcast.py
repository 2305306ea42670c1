joined = F.broadcast(orders).join(stores, "store_id")
