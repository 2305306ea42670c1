test.createOrReplaceTempView("new_hours")
models.createOrReplaceTempView("lines")
scored = spark.sql(
    "SELECT h.device_id, at, energy, intercept + b_load * load + b_outside * outside AS prediction "
    "FROM new_hours h LEFT JOIN lines m ON h.device_id = m.device_id"
).cache()
table = scored.toPandas().dropna()
own_rmse = np.sqrt(np.mean((table["energy"] - table["prediction"]) ** 2))
