joined = orders.join(F.broadcast(stores), "store_id").coalesce(1)
