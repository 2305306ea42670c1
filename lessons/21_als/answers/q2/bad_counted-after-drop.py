rmse = right_rmse
unpredicted = model.transform(test).filter(F.isnan("prediction")).count()
