top10 = spark.createDataFrame(table(best)).repartition(2)
found = [np.mean(row[ten]) for row, ten, some in zip(liked, best, pleased, strict=True) if some]
precision = np.mean(found)
