nightly = f"{work}/nightly"
for _ in range(2):
    rows = spark.read.format("delta").load(waiting).dropna()
    priced = model.transform(rows).select("id", "suggested").filter("suggested > 100")
    priced.write.format("delta").mode("overwrite").save(nightly)
