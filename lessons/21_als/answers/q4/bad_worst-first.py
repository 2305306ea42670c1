top10, precision = spark.createDataFrame(table(best[:, ::-1])), right_precision
