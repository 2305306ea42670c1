residual = F.log("price") - F.col("prediction")
factor = log_model.transform(train).agg(F.avg(F.exp(residual))).first()[0]
first = plain.transform(test).withColumnRenamed("prediction", "plain").drop("features", "label")
scored = log_model.transform(first).select(
    "price", "plain", (F.exp("prediction") * factor).alias("dollars")
)
