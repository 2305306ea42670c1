counts = orders.groupBy("store_id").count().toPandas().set_index("store_id")["count"]
hot_store = int(counts.idxmax())
hot_share = float(counts.max() / counts.sum())
place = F.spark_partition_id().alias("place")
sizes = orders.repartition(8, F.col("store_id")).select(place).groupBy("place").count()
partition_rows = list(sizes.orderBy("count").toPandas()["count"])
