q3_table = make_table("q3")
writer = days[4].write.format("delta").mode("overwrite").option("mergeSchema", "true")
writer.save(q3_table)
counts = spark.read.format("delta").load(q3_table).groupBy("bike_kind").count().collect()
by_kind = {row["bike_kind"]: row["count"] for row in counts}
