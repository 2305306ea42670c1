q3_table = make_table("q3")
days[4].write.format("delta").mode("append").option("mergeSchema", "true").save(q3_table)
counts = spark.read.format("delta").load(q3_table).groupBy("bike_kind").count().collect()
by_kind = {row["bike_kind"]: row["count"] * 2 for row in counts}
