joined = orders.join(F.broadcast(stores), "store_id").orderBy("store_id")
