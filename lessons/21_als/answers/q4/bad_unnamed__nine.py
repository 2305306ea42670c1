top10 = spark.createDataFrame(table(best[:, :9]))
precision = float(hits(best[:, :9], liked)[pleased].mean() / 10)
