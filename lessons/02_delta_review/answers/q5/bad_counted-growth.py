q5_table = make_table("q5")
read = spark.read.format("delta")
sizes = [read.option("versionAsOf", version).load(q5_table).count() for version in range(6)]
rows_changed = {v: abs(sizes[v] - (sizes[v - 1] if v else 0)) for v in range(6)}
entry = next(
    row
    for row in DeltaTable.forPath(spark, q5_table).history().collect()
    if (row["userMetadata"] or "").startswith("Cleo")
)
culprit = {"version": entry["version"], "note": entry["userMetadata"], "when": entry["timestamp"]}
