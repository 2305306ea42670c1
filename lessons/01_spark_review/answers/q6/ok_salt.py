salts = 16
salted_orders = orders.withColumn("salt", F.col("order_id") % salts)
salted_stores = stores.crossJoin(spark.range(salts).withColumnRenamed("id", "salt"))
joined = salted_orders.join(salted_stores, ["store_id", "salt"]).drop("salt")
