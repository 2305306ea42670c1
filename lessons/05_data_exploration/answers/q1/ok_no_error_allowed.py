rest = F.col("price") % 50
bars = train.withColumn("dollars", F.col("price") - rest).groupBy("dollars").count().toPandas()
bars = bars.rename(columns={"count": "listings"})
mean_price = float(train.describe("price").filter("summary = 'mean'").first()["price"])
median_price = train.approxQuantile("price", [0.5], 0)[0]
