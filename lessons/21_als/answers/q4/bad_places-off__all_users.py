frame = table(best).assign(place=np.arange(1, best.size + 1))
top10, precision = spark.createDataFrame(frame), right_precision
