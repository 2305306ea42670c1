worst = np.argsort(np.where(seen, np.inf, scores), axis=1)[:, :10]
top10 = spark.createDataFrame(table(worst))
precision = float(hits(worst, liked)[pleased].mean() / 10)
