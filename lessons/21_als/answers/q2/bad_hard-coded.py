rmse = 0.66
unpredicted = 4
