joined = orders.join(F.broadcast(stores), "store_id").drop("store_id")
