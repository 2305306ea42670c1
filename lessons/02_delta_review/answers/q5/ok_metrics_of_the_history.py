q5_table = make_table("q5")
rows_changed = {}
parts = {
    "WRITE": ["numOutputRows"],
    "UPDATE": ["numUpdatedRows"],
    "DELETE": ["numDeletedRows"],
    "MERGE": ["numTargetRowsInserted", "numTargetRowsUpdated", "numTargetRowsDeleted"],
}
free = []
for row in DeltaTable.forPath(spark, q5_table).history().orderBy("version").collect():
    metrics = row["operationMetrics"]
    rows_changed[row["version"]] = sum(int(metrics[name]) for name in parts[row["operation"]])
    table = spark.read.format("delta").option("versionAsOf", row["version"]).load(q5_table)
    free.append((table.filter("price = 0").count(), row))
first = next(row for count, row in free if count)
culprit = {"version": first["version"], "note": first["userMetadata"], "when": first["timestamp"]}
