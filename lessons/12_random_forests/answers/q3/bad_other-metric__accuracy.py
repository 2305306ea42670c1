by_accuracy = MulticlassClassificationEvaluator(labelCol="expensive", metricName="accuracy")
cv = search(evaluator=by_accuracy)
exam_fits, all_fits = 12, 13
