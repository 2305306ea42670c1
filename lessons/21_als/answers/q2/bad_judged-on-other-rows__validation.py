rmse, unpredicted = judged(validation), gone
