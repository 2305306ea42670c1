joined = orders.join(F.broadcast(stores), "store_id").withColumn("city", F.upper("city"))
