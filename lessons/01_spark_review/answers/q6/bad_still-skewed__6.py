joined = orders.join(stores, "store_id").localCheckpoint()
