baseline_rmse = error_of_the_mean
gain = baseline_rmse - rmse
