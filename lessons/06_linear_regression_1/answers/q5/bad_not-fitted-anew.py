cost = {}
for name, slope in zip(FEATURES, model.coefficients, strict=True):
    scored = model.transform(assembler.transform(test))
    scored = scored.withColumn("prediction", F.col("prediction") - float(slope) * F.col(name))
    cost[name] = RegressionEvaluator(labelCol="price").evaluate(scored) - rmse
