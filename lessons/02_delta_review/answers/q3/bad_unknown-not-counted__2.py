q3_table = make_table("q3")
days[4].write.format("delta").mode("append").option("mergeSchema", "true").save(q3_table)

table = spark.read.format("delta").load(q3_table)
counts = table.groupBy("bike_kind").agg(F.count("bike_kind").alias("n")).collect()
by_kind = {row["bike_kind"]: row["n"] for row in counts}
