q3_table = make_table("q3")
spark.sql(f"ALTER TABLE delta.`{q3_table}` ADD COLUMNS (bike_kind STRING)")
counts = spark.read.format("delta").load(q3_table).groupBy("bike_kind").count().collect()
by_kind = {row["bike_kind"]: row["count"] for row in counts}
