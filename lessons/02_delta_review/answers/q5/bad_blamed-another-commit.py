q5_table = make_table("q5")
feed = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0)
feed = feed.load(q5_table)

after = feed.filter("_change_type <> 'update_preimage'")
rows_changed = {
    r["_commit_version"]: r["count"] for r in after.groupBy("_commit_version").count().collect()
}

entry = DeltaTable.forPath(spark, q5_table).history(1).first()
culprit = {"version": entry["version"], "note": entry["userMetadata"], "when": entry["timestamp"]}
