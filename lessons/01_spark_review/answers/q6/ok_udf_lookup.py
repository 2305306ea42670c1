places = {store["store_id"]: (store["city"], store["opened"]) for store in stores.collect()}
look = F.udf(lambda store_id: places[store_id], "struct<city string, opened date>")
found = orders.withColumn("place", look("store_id"))
joined = found.select("*", "place.city", "place.opened").drop("place")
