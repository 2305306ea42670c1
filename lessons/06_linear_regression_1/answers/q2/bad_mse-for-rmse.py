predictions = model.transform(assembler.transform(test))
rmse = RegressionEvaluator(labelCol="price", metricName="mse").evaluate(predictions)
mae = RegressionEvaluator(labelCol="price", metricName="mae").evaluate(predictions)
r2 = RegressionEvaluator(labelCol="price", metricName="r2").evaluate(predictions)
