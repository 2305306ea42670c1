baseline_rmse = rmse
gain = 1 - rmse / baseline_rmse
