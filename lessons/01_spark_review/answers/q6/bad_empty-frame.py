salted_orders = orders.withColumn("key", F.concat_ws("-", "store_id", F.col("order_id") % 16))
salted_stores = stores.withColumn("key", F.concat_ws("_", "store_id", F.lit(0)))
joined = salted_orders.join(salted_stores.drop("store_id"), "key").drop("key")
