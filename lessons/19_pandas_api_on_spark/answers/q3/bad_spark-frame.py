from pyspark.sql import functions as F

trap_3 = "rows one by one"
words = F.when(F.col("price") >= 300, "high").when(F.col("price") >= 100, "middle").otherwise("low")
banded = homes.to_spark(index_col="listing_id").withColumn("band", words)
