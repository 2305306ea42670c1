test_auc, accuracy, nobody_accuracy = three(judged)
by_precision = MulticlassClassificationEvaluator(
    labelCol="expensive", metricName="weightedPrecision"
)
accuracy = by_precision.evaluate(judged)
