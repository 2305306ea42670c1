one = VectorAssembler(inputCols=["bedrooms"], outputCol="features")
model = LinearRegression(labelCol="price").fit(one.transform(train))
summary = model.evaluate(one.transform(test))
rmse, mae, r2 = summary.rootMeanSquaredError, summary.meanAbsoluteError, summary.r2
