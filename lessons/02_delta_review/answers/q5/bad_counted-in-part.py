q5_table = make_table("q5")
names = {
    "WRITE": "numOutputRows",
    "UPDATE": "numUpdatedRows",
    "DELETE": "numDeletedRows",
    "MERGE": "numTargetRowsInserted",
}
history = DeltaTable.forPath(spark, q5_table).history().collect()
rows_changed = {
    row["version"]: int(row["operationMetrics"][names[row["operation"]]]) for row in history
}
entry = next(row for row in history if (row["userMetadata"] or "").startswith("Cleo"))
culprit = {"version": entry["version"], "note": entry["userMetadata"], "when": entry["timestamp"]}
