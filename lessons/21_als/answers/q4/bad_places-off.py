top10, precision = spark.createDataFrame(table(best, first=0)), right_precision
