q1_table = make_table("q1")
history = spark.sql(f"DESCRIBE HISTORY delta.`{q1_table}`").collect()
bad = [row["version"] for row in history if (row["userMetadata"] or "").startswith("Dan")]
good_version = bad[0] - 1
spark.sql(f"RESTORE TABLE delta.`{q1_table}` TO VERSION AS OF {good_version}")
