# Better when you need the formula: the error of a constant is variance plus squared bias.
of_train, of_test = (
    rows.agg(F.avg("price").alias("mean"), F.var_pop("price").alias("variance")).first()
    for rows in (train, test)
)
baseline_rmse = (of_test["variance"] + (of_test["mean"] - of_train["mean"]) ** 2) ** 0.5
gain = (baseline_rmse - rmse) / baseline_rmse
