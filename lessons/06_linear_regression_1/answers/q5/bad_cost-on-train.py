def error_of(columns):
    chosen = VectorAssembler(inputCols=columns, outputCol="features")
    fitted = LinearRegression(labelCol="price").fit(chosen.transform(train))
    evaluator = RegressionEvaluator(labelCol="price", metricName="rmse")
    return evaluator.evaluate(fitted.transform(chosen.transform(train)))


full = error_of(FEATURES)
cost = {name: error_of([f for f in FEATURES if f != name]) - full for name in FEATURES}
