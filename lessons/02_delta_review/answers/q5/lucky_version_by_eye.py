q5_table = make_table("q5")
feed = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0)
after = feed.load(q5_table).filter("_change_type <> 'update_preimage'")
rows_changed = {
    row["_commit_version"]: row["count"]
    for row in after.groupBy("_commit_version").count().collect()
}
entry = DeltaTable.forPath(spark, q5_table).history().filter("version = 4").first()
culprit = {"version": 4, "note": "Cleo: test of a price list", "when": entry["timestamp"]}
