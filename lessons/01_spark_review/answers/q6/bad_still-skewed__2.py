joined = orders.join(stores, "store_id").repartition(8)
