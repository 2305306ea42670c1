ten = table(np.argsort(-scores, axis=1)[:, :10])
known = train.select("user_id", "film_id").toPandas().assign(known=True)
ten = ten.merge(known, how="left")
ten = ten[ten["known"].isna()].drop(columns="known")
top10, precision = spark.createDataFrame(ten), right_precision
