q3_table = make_table("q3")
old = spark.read.format("delta").load(q3_table).withColumn("bike_kind", F.lit("city"))
writer = old.union(days[4].select(old.columns)).write.format("delta").mode("overwrite")
writer.option("overwriteSchema", "true").save(q3_table)
counts = spark.read.format("delta").load(q3_table).groupBy("bike_kind").count().collect()
by_kind = {row["bike_kind"]: row["count"] for row in counts}
