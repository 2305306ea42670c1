model = LinearRegression(labelCol="price").fit(assembler.transform(test))
summary = model.evaluate(assembler.transform(test))
rmse, mae, r2 = summary.rootMeanSquaredError, summary.meanAbsoluteError, summary.r2
