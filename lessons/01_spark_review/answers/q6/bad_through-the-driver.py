joined = spark.createDataFrame(orders.toPandas().merge(stores.toPandas(), on="store_id"))
