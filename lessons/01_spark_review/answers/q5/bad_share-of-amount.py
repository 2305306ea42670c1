sums = orders.groupBy("store_id").agg(F.count("*").alias("n"), F.sum("amount").alias("amount"))
top = sums.orderBy(F.desc("n")).first()
hot_store = top["store_id"]
hot_share = top["amount"] / orders.agg(F.sum("amount")).first()[0]
by_key = orders.repartition(8, "store_id").groupBy(F.spark_partition_id()).count()
partition_rows = sorted((row["count"] for row in by_key.collect()), reverse=True)
