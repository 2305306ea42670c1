baseline_rmse = np.float64(196.66993112978963)
gain = 1 - rmse / baseline_rmse
