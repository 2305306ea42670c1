baseline_rmse = error_of_the_mean**2
gain = 1 - rmse / baseline_rmse
