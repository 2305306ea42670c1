q3_table = make_table("q3")
renamed = days[4].withColumnRenamed("bike_kind", "kind")
renamed.write.format("delta").mode("append").option("mergeSchema", "true").save(q3_table)
counts = spark.read.format("delta").load(q3_table).groupBy("kind").count().collect()
by_kind = {row["kind"]: row["count"] for row in counts}
