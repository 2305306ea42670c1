predictions = model.transform(assembler.transform(test))
rmse = RegressionEvaluator(labelCol="price", metricName="rmse").evaluate(predictions)
mae = RegressionEvaluator(labelCol="price", metricName="mae").evaluate(predictions)
r2 = RegressionEvaluator(labelCol="price").evaluate(predictions)
