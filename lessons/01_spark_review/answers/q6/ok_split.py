hot = orders.groupBy("store_id").count().orderBy(F.desc("count")).first()["store_id"]
busy = orders.filter(F.col("store_id") == hot).join(
    F.broadcast(stores.filter(F.col("store_id") == hot)), "store_id"
)
quiet = orders.filter(F.col("store_id") != hot).join(stores, "store_id")
joined = busy.unionByName(quiet)
