orders.createOrReplaceTempView("orders")
hot_store, hot_share = spark.sql(
    """SELECT store_id, count(*) / (SELECT count(*) FROM orders) AS share
    FROM orders GROUP BY store_id ORDER BY share DESC LIMIT 1"""
).first()
shuffled = orders.select("store_id").repartition(8, "store_id").rdd
partition_rows = shuffled.mapPartitions(lambda rows: [sum(1 for _ in rows)]).collect()
partition_rows.sort(reverse=True)
