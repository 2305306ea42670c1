joined = orders.join(F.broadcast(stores), "store_id").repartition(8, "city")
