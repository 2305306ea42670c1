assembler = VectorAssembler(inputCols=FEATURES[:5], outputCol="features")
model = LinearRegression(labelCol="price").fit(assembler.transform(train))
summary = model.evaluate(assembler.transform(test))
rmse, mae, r2 = summary.rootMeanSquaredError, summary.meanAbsoluteError, summary.r2
