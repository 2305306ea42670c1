raw = spark.read.csv(path, sep=";", header=True, multiLine=True, escape='"', encoding="US-ASCII")
