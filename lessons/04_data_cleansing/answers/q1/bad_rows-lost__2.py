raw = spark.read.csv(
    path, sep=";", header=True, encoding="ISO-8859-1", multiLine=True, escape='"'
).dropDuplicates()
