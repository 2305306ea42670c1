rmse, unpredicted = judged(test, "mse"), gone
