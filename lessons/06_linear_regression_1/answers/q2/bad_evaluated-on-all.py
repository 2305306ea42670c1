from course_utils import load

predictions = model.transform(assembler.transform(load("listings")))
rmse = RegressionEvaluator(labelCol="price", metricName="rmse").evaluate(predictions)
mae = RegressionEvaluator(labelCol="price", metricName="mae").evaluate(predictions)
r2 = RegressionEvaluator(labelCol="price", metricName="r2").evaluate(predictions)
