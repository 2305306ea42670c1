from pyspark.sql import Window

rows = assembler.transform(train).withColumn("log_price", F.log("price"))
ratios = []
for label in ("price", "log_price"):
    scored = LinearRegression(labelCol=label).fit(rows).transform(rows)
    quarters = scored.withColumn("quarter", F.ntile(4).over(Window.orderBy("prediction")))
    sizes = quarters.groupBy("quarter").agg(
        F.avg(F.abs(F.col(label) - F.col("prediction"))).alias("size")
    )
    by_quarter = {row["quarter"]: row["size"] for row in sizes.collect()}
    ratios.append(by_quarter[4] / by_quarter[1])
spread_ratio, log_spread_ratio = ratios
assumption = "homoskedasticity"
