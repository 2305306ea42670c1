hot = orders.groupBy("store_id").count().orderBy(F.desc("count")).first()["store_id"]
joined = orders.filter(F.col("store_id") != hot).join(stores, "store_id")
