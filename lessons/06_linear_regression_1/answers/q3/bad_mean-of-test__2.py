baseline_rmse = test.agg(F.stddev("price")).first()[0]
gain = 1 - rmse / baseline_rmse
