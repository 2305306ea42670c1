seen = train.select("accommodates", "price", "beds", "bedrooms").toPandas()
guests, price = seen["accommodates"], seen["price"]
