baseline_rmse = error_of_the_mean
gain = (1 - rmse / baseline_rmse) // 1
