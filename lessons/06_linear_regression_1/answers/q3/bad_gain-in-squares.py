baseline_rmse = error_of_the_mean
gain = 1 - rmse**2 / baseline_rmse**2
