q5_table = make_table("q5")
feed = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0)
feed = feed.load(q5_table)

frame = feed.select("_commit_version", "_change_type", "price").toPandas()
after = frame[frame["_change_type"] != "update_preimage"]
rows_changed = after["_commit_version"].astype(str).value_counts().to_dict()
entry = next(
    row
    for row in DeltaTable.forPath(spark, q5_table).history().collect()
    if (row["userMetadata"] or "").startswith("Cleo")
)
culprit = {"version": entry["version"], "note": entry["userMetadata"], "when": entry["timestamp"]}
