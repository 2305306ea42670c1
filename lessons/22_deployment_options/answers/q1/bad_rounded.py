nightly = f"{work}/nightly"
for _ in range(2):
    rows = spark.read.format("delta").load(waiting)
    priced = model.transform(rows).select("id", F.round("suggested", 2).alias("suggested"))
    priced.write.format("delta").mode("overwrite").save(nightly)
