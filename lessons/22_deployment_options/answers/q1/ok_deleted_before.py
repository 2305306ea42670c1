import shutil

nightly = f"{work}/nightly"
for _ in range(2):
    shutil.rmtree(nightly, ignore_errors=True)
    priced = model.transform(spark.read.format("delta").load(waiting)).select("id", "suggested")
    priced.write.format("delta").mode("append").save(nightly)
