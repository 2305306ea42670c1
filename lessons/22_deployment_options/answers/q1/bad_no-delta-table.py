nightly = f"{work}/nightly"
for _ in range(2):
    rows = spark.read.format("delta").load(waiting)
    model.transform(rows).select("id", "suggested").write.mode("overwrite").parquet(nightly)
