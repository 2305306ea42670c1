def judged(rows, metric="rmse"):
    return RegressionEvaluator(labelCol="rating", metricName=metric).evaluate(model.transform(rows))


scored = model.copy().setColdStartStrategy("nan").transform(test).toPandas()
known = scored.dropna(subset=["prediction"])
gone = len(scored) - len(known)
right_rmse = float(np.sqrt(np.mean((known["prediction"] - known["rating"]) ** 2)))
