salts = 12
salted_orders = orders.withColumn("salt", F.floor(F.rand(seed=7) * salts).cast("int"))
numbers = F.explode(F.sequence(F.lit(0), F.lit(salts - 1)))
salted_stores = stores.withColumn("salt", numbers)
joined = salted_orders.join(salted_stores, ["store_id", "salt"]).drop("salt")
