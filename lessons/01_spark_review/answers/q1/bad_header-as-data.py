customers = spark.read.csv(path, sep="|")
