from pyspark.sql import functions as F

price = F.col("price")
word = F.when(price >= 300, "high").when(price >= 100, "middle")
trap_3 = "rows one by one"
banded = homes.spark.apply(lambda rows: rows.withColumn("band", word), index_col="listing_id")
