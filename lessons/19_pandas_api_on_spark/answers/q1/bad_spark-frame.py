homes = spark.read.parquet(path)
homes = homes.withColumn("each", F.col("price") / F.col("accommodates"))
