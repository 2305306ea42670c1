salts = 16
hot = orders.groupBy("store_id").count().orderBy(F.desc("count")).first()["store_id"]
is_hot = F.col("store_id") == hot
salted_orders = orders.withColumn(
    "salt", F.when(is_hot, F.pmod("order_id", F.lit(salts))).otherwise(0)
)
many = F.array(*[F.lit(i) for i in range(salts)])
salted_stores = stores.withColumn(
    "salt", F.explode(F.when(is_hot, many).otherwise(F.array(F.lit(0))))
)
joined = salted_orders.join(salted_stores, on=["store_id", "salt"]).select(
    "order_id", "store_id", "amount", "ordered_at", "city", "opened"
)
