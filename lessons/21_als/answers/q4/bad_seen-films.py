ten = np.argsort(-scores, axis=1)[:, :10]
top10 = spark.createDataFrame(table(ten))
precision = float(hits(ten, liked)[pleased].mean() / 10)
