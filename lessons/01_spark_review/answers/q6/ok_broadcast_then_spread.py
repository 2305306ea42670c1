joined = orders.join(F.broadcast(stores), "store_id").repartition(8, "order_id").cache()
