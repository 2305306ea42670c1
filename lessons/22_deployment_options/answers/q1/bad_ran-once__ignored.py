nightly = f"{work}/nightly"
for _ in range(2):
    rows = spark.read.format("delta").load(waiting)
    priced = model.transform(rows).select("id", "suggested")
    priced.write.format("delta").mode("ignore").save(nightly)
