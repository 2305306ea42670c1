pipeline, model = right, fitted
by = MulticlassClassificationEvaluator(labelCol="expensive")
auc_seen = by.evaluate(known)
