rmse = model.summary.rootMeanSquaredError
mae = model.summary.meanAbsoluteError
r2 = model.summary.r2
