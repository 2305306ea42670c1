from pyspark.sql import functions as F

homes = spark.read.parquet(path)
homes = homes.withColumn("each", F.col("price") / F.col("accommodates"))
