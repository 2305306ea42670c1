def error_of(columns):
    chosen = VectorAssembler(inputCols=columns, outputCol="features")
    fitted = LinearRegression(labelCol="price").fit(chosen.transform(train))
    evaluator = RegressionEvaluator(labelCol="price", metricName="rmse")
    return evaluator.evaluate(fitted.transform(chosen.transform(test)))


cost = {name: round(error_of([f for f in FEATURES if f != name]) - rmse, 2) for name in FEATURES}
