rmse, unpredicted = right_rmse, model.transform(test).count()
