baseline_rmse = error_of_the_mean
gain = round(rmse / baseline_rmse, 2)
