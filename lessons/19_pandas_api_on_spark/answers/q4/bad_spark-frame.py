from pyspark.sql import functions as F


def with_fee(frame):
    fee = F.when(F.col("price") > 100, 5 + 0.12 * F.col("price")).otherwise(0.17 * F.col("price"))
    return frame.to_spark(index_col="listing_id").withColumn("fee", fee)


trap_4 = "no type hint"
