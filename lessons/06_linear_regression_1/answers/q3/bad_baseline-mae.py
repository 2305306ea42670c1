mean_price = train.agg(F.avg("price")).first()[0]
baseline_rmse = test.agg(F.avg(F.abs(F.col("price") - mean_price))).first()[0]
gain = 1 - rmse / baseline_rmse
