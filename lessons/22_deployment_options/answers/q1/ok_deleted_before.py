import shutil

nightly = f"{work}/nightly"
for _ in range(2):
    shutil.rmtree(nightly, ignore_errors=True)
    rows = spark.read.format("delta").load(waiting)
    model.transform(rows).select("id", "suggested").write.format("delta").save(nightly)
