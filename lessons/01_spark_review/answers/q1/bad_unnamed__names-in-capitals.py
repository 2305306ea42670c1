read = spark.read.csv(path, sep="|", header=True)
customers = read.toDF(*[name.upper() for name in read.columns])
