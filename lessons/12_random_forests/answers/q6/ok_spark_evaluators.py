# Better when the rows do not fit on one machine: Spark counts, and only numbers come back.
names = {"precision": "precisionByLabel", "recall": "recallByLabel", "f1": "fMeasureByLabel"}
by = MulticlassClassificationEvaluator(labelCol="expensive", metricLabel=1.0)
scored = cv_model.transform(labeled_test).cache()
above = (vector_to_array("probability")[1] > 0.3).cast("double")
lower = scored.withColumn("prediction", above)
half = {name: by.setMetricName(metric).evaluate(scored) for name, metric in names.items()}
low = {name: by.setMetricName(metric).evaluate(lower) for name, metric in names.items()}
log_loss = by.setMetricName("logLoss").evaluate(scored)
