import pandas as pd

step = (F.floor(F.col("price") / 50) * 50).alias("dollars")
steps = train.groupBy(step).agg(F.count("*").alias("listings")).toPandas()
prices = train.select("price").toPandas()["price"]
