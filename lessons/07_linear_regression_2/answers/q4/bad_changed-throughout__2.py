residual = F.log("price") - F.col("prediction")
factor = log_model.transform(train).agg(F.avg(F.exp(residual))).first()[0]
scored = log_model.transform(first).select(
    "price", "plain", (F.exp("prediction") * factor).alias("dollars")
)
