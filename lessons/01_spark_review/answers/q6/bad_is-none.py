joined = orders.join(F.broadcast(stores), "store_id").show(3)
