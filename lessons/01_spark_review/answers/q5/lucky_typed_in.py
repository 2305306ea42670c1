known = {"store": 1, "share": 0.7}
hot_store, hot_share = known["store"], known["share"]
by_key = orders.repartition(8, "store_id").groupBy(F.spark_partition_id()).count()
partition_rows = [row["count"] for row in by_key.collect()]
