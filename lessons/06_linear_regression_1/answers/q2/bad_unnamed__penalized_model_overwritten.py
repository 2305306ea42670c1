model = LinearRegression(labelCol="price", regParam=50.0).fit(assembler.transform(train))
summary = model.evaluate(assembler.transform(test))
rmse, mae, r2 = summary.rootMeanSquaredError, summary.meanAbsoluteError, summary.r2
