q5_table = make_table("q5")
feed = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0)
after = feed.load(q5_table).filter("_change_type <> 'update_preimage'")
rows_changed = {
    row["_commit_version"]: row["count"]
    for row in after.groupBy("_commit_version").count().collect()
}
version = after.filter("price = 0").agg(F.min("_commit_version")).first()[0]
history = DeltaTable.forPath(spark, q5_table).history().orderBy("version").collect()
culprit = {
    "version": version,
    "note": history[version - 1]["userMetadata"],
    "when": history[version]["timestamp"],
}
