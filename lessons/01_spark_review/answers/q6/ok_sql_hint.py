orders.createOrReplaceTempView("orders")
stores.createOrReplaceTempView("stores")
joined = spark.sql("SELECT /*+ BROADCAST(stores) */ * FROM orders JOIN stores USING (store_id)")
