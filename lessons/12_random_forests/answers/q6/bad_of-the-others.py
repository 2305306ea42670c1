names = {"precision": "precisionByLabel", "recall": "recallByLabel", "f1": "fMeasureByLabel"}
by = MulticlassClassificationEvaluator(labelCol="expensive")
scored = cv_model.transform(labeled_test).cache()
lower = scored.withColumn("prediction", (vector_to_array("probability")[1] > 0.3).cast("double"))
half = {name: by.setMetricName(metric).evaluate(scored) for name, metric in names.items()}
low = {name: by.setMetricName(metric).evaluate(lower) for name, metric in names.items()}
log_loss = loss()
