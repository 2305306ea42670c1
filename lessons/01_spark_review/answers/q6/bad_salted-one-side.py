salted_orders = orders.withColumn("salt", F.col("order_id") % 16)
salted_stores = stores.withColumn("salt", F.lit(0))
joined = salted_orders.join(salted_stores, ["store_id", "salt"]).drop("salt")
