for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
hard = BinaryClassificationEvaluator(labelCol="superhost", rawPredictionCol="prediction")
score = right | {"website": hard.evaluate(judged)}
