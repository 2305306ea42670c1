customers = spark.read.text(path)
