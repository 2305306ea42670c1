train.createOrReplaceTempView("places")
bars = spark.sql(
    "SELECT floor(price / 50) * 50 AS dollars, count(1) AS listings FROM places GROUP BY 1"
).toPandas()
row = spark.sql("SELECT avg(price) AS mean, percentile(price, 0.5) AS middle FROM places").first()
mean_price, median_price = row["mean"], row["middle"]
