joined = orders.join(F.broadcast(stores), "store_id")
joined = joined.withColumn("opened", F.col("opened").cast("string"))
