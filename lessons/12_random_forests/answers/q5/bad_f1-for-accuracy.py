test_auc, accuracy, nobody_accuracy = three(judged)
accuracy = MulticlassClassificationEvaluator(labelCol="expensive").evaluate(judged)
