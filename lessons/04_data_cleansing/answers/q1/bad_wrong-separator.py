raw = spark.read.csv(path, header=True, encoding="ISO-8859-1", multiLine=True, escape='"')
