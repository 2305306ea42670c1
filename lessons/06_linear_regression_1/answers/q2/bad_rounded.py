summary = model.evaluate(assembler.transform(test))
rmse = summary.rootMeanSquaredError
mae = summary.meanAbsoluteError
r2 = round(summary.r2, 2)
