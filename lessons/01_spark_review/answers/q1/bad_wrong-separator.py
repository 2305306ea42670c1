customers = spark.read.csv(path, header=True)
