q5_table = make_table("q5")
changes = spark.sql(f"""
    SELECT _commit_version AS version, count_if(_change_type <> 'update_preimage') AS changed,
           count_if(price = 0) AS free, max(string(_commit_timestamp)) AS moment
    FROM table_changes_by_path('{q5_table}', 0) GROUP BY 1
""").collect()
rows_changed = {row["version"]: row["changed"] for row in changes}
guilty = next(row for row in changes if row["free"])
notes = spark.sql(f"DESCRIBE HISTORY delta.`{q5_table}`")
note = notes.filter(F.col("version") == guilty["version"]).first()["userMetadata"]
culprit = {"version": guilty["version"], "note": note, "when": guilty["moment"]}
