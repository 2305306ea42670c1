joined = orders.toPandas().merge(stores.toPandas(), on="store_id")
