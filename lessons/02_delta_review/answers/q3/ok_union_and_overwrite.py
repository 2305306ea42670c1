q3_table = make_table("q3")
old = spark.read.format("delta").load(q3_table)
rows = old.unionByName(days[4], allowMissingColumns=True)
writer = rows.write.format("delta").mode("overwrite").option("overwriteSchema", "true")
writer.save(q3_table)
counts = spark.read.format("delta").load(q3_table).groupBy("bike_kind").count().collect()
by_kind = {row["bike_kind"]: row["count"] for row in counts}
