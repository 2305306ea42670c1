top = orders.groupBy("store_id").count().orderBy(F.desc("count")).first()
hot_store = top["store_id"]
hot_share = top["count"] / orders.count()
by_key = orders.repartition(8, "store_id").groupBy(F.spark_partition_id()).count()
partition_rows = [str(row["count"]) for row in by_key.collect()]
