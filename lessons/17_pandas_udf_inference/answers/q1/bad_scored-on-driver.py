table = offers.toPandas()
table["prediction"] = np.exp(load_model().predict(table[COLUMNS].to_numpy()))
scored = spark.createDataFrame(table[["id", "prediction"]])
