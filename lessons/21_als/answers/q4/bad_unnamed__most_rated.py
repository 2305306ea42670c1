most = np.argsort(-np.where(seen, -1, seen.sum(axis=0)), axis=1, kind="stable")[:, :10]
top10 = spark.createDataFrame(table(most))
precision = float(hits(most, liked)[pleased].mean() / 10)
