q5_table = make_table("q5")
history = DeltaTable.forPath(spark, q5_table).history().collect()
rows_changed = {r["version"]: int(r["operationMetrics"].get("numOutputRows", 0)) for r in history}
entry = next(
    row
    for row in DeltaTable.forPath(spark, q5_table).history().collect()
    if (row["userMetadata"] or "").startswith("Cleo")
)
culprit = {"version": entry["version"], "note": entry["userMetadata"], "when": entry["timestamp"]}
