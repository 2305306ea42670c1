customers = spark.read.csv(path, sep="|", header=True).select("email")
