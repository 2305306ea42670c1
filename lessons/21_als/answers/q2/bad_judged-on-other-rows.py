rmse, unpredicted = judged(train), gone
