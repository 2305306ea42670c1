e = F.col("price") - F.col("prediction")
sums = (
    model.transform(assembler.transform(test))
    .agg(
        F.avg(e * e).alias("square"),
        F.avg(F.abs(e)).alias("size"),
        F.var_pop("price").alias("variance"),
    )
    .first()
)
rmse = sums["square"] ** 0.5
mae = sums["size"]
r2 = 1 - sums["square"] / sums["variance"]
