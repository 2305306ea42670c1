joined = orders.join(F.broadcast(stores), "store_id").dropDuplicates(["store_id"])
