for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
by = BinaryClassificationEvaluator(labelCol="superhost", metricName="areaUnderPR")
score = right | {"website": by.evaluate(judged)}
