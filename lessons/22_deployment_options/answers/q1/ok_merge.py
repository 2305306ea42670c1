from delta.tables import DeltaTable

nightly = f"{work}/by_merge"
for _ in range(2):
    priced = model.transform(spark.read.format("delta").load(waiting))[["id", "suggested"]]
    if not DeltaTable.isDeltaTable(spark, nightly):
        priced.write.format("delta").save(nightly)
    else:
        target = DeltaTable.forPath(spark, nightly).alias("t")
        merge = target.merge(priced.alias("s"), "t.id = s.id")
        merge.whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()
