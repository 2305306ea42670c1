nightly = f"{work}/nightly"
for _ in range(2):
    rows = spark.read.format("delta").load(waiting)
    priced = model.transform(rows).select("id", "prediction")
    priced.write.format("delta").mode("overwrite").save(nightly)
