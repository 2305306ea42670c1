q5_table = make_table("q5")
commits = sorted(
    DeltaTable.forPath(spark, q5_table).history().collect(), key=lambda c: c["version"]
)
COUNTED = {
    "WRITE": ["numOutputRows"],
    "UPDATE": ["numUpdatedRows"],
    "DELETE": ["numDeletedRows"],
    "MERGE": ["numTargetRowsInserted", "numTargetRowsUpdated", "numTargetRowsDeleted"],
}
rows_changed = {
    c["version"]: sum(int(c["operationMetrics"][name]) for name in COUNTED[c["operation"]])
    for c in commits
}


def is_free(commit):
    past = spark.read.format("delta").option("versionAsOf", commit["version"]).load(q5_table)
    return not past.where("price = 0").isEmpty()


first = next(filter(is_free, commits))
culprit = {"when": first["timestamp"], "note": first["userMetadata"], "version": first["version"]}
