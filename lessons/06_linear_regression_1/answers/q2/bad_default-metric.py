predictions = model.transform(assembler.transform(test))
evaluator = RegressionEvaluator(labelCol="price")
rmse = mae = r2 = evaluator.evaluate(predictions)
