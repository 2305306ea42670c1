# Better when the rows do not fit on the driver: Spark finds the quantiles and the two means.
def ratio(scored, label):
    low, high = scored.approxQuantile("prediction", [0.25, 0.75], 0.0)
    size = F.abs(F.col(label) - F.col("prediction"))
    return scored.agg(
        F.avg(F.when(F.col("prediction") >= high, size))
        / F.avg(F.when(F.col("prediction") <= low, size))
    ).first()[0]


spread_ratio = ratio(model.transform(assembler.transform(train)), "price")
logs = assembler.transform(train.withColumn("log_price", F.log("price")))
log_spread_ratio = ratio(
    LinearRegression(labelCol="log_price").fit(logs).transform(logs), "log_price"
)
assumption = "Homoscedasticity"
