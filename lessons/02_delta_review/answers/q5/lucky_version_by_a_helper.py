q5_table = make_table("q5")
feed = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 0)
changes = feed.load(q5_table).where("_change_type <> 'update_preimage'")
rows_changed = dict(changes.groupBy("_commit_version").count().collect())


def commit(version):
    table = DeltaTable.forPath(spark, q5_table)
    row = table.history().where(F.col("version") == version).first()
    return {"version": version, "note": row["userMetadata"], "when": row["timestamp"]}


culprit = commit(4)
