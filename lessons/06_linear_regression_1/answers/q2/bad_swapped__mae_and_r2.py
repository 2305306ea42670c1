predictions = model.transform(assembler.transform(test))
rmse, mae, r2 = (
    RegressionEvaluator(labelCol="price", metricName=name).evaluate(predictions)
    for name in ("rmse", "r2", "mae")
)
