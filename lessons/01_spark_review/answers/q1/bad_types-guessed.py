customers = spark.read.csv(path, sep="|", header=True, inferSchema=True)
