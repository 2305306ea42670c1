raw = spark.read.csv(path, sep=";", encoding="ISO-8859-1", multiLine=True, escape='"')
