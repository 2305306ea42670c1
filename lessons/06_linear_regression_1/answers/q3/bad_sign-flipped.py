baseline_rmse = error_of_the_mean
gain = (rmse - baseline_rmse) / baseline_rmse
