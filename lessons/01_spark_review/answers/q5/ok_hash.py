hot = orders.groupBy("store_id").agg(F.count("*").alias("n"))
n = hot.agg(F.max_by("store_id", "n").alias("id"), F.max("n").alias("n"), F.sum("n").alias("all"))
hot_store, largest, total = n.first()
hot_share = largest / total
by_hash = orders.groupBy(F.expr("pmod(hash(store_id), 8)").alias("p")).count()
partition_rows = [row["count"] for row in by_hash.orderBy(F.desc("count")).collect()]
