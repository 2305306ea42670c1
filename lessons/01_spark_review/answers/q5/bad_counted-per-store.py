top = orders.groupBy("store_id").count().orderBy(F.desc("count")).first()
hot_store = top["store_id"]
hot_share = top["count"] / orders.count()
partition_rows = [row["count"] for row in orders.groupBy("store_id").count().collect()]
