rmse, unpredicted = round(right_rmse, 3), gone
