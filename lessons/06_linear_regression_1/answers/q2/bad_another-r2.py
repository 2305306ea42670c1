summary = model.evaluate(assembler.transform(test))
rmse = summary.rootMeanSquaredError
mae = summary.meanAbsoluteError
r2 = 100 * summary.r2
