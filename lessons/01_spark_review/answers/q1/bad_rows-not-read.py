customers = spark.read.csv(path, sep="|", header=True).limit(1000)
