rmse, unpredicted = right_rmse, gone / len(scored)
