seen = model.transform(assembler.transform(test)).select("price", "prediction").toPandas()
y, p = seen["price"].to_numpy(), seen["prediction"].to_numpy()
e = y - p
