assembler = VectorAssembler(inputCols=["bedrooms"], outputCol="features")
model = LinearRegression(labelCol="price").fit(assembler.transform(train))
predictions = model.transform(assembler.transform(test))
rmse, mae, r2 = (
    RegressionEvaluator(labelCol="price", metricName=name).evaluate(predictions)
    for name in ("rmse", "mae", "r2")
)
