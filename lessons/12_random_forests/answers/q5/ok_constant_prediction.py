# Better when guesses and models are to be judged alike: the constant is a prediction, too.
by_accuracy = MulticlassClassificationEvaluator(labelCol="expensive", metricName="accuracy")
test_auc = area(judged, raw="probability")
accuracy = by_accuracy.evaluate(judged)
nobody_accuracy = by_accuracy.evaluate(labeled_test.withColumn("prediction", F.lit(0.0)))
