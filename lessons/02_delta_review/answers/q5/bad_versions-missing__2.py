q5_table = make_table("q5")
feed = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0)
feed = feed.load(q5_table)

updates = feed.filter("_change_type = 'update_postimage'").groupBy("_commit_version").count()
rows_changed = {r["_commit_version"]: r["count"] for r in updates.collect()}
entry = next(
    row
    for row in DeltaTable.forPath(spark, q5_table).history().collect()
    if (row["userMetadata"] or "").startswith("Cleo")
)
culprit = {"version": entry["version"], "note": entry["userMetadata"], "when": entry["timestamp"]}
