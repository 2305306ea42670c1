nightly = f"{work}/nightly"
rows = spark.read.format("delta").load(waiting)
model.transform(rows).select("id", "suggested").write.format("delta").save(nightly)
