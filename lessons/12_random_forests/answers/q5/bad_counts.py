test_auc, accuracy, nobody_accuracy = three(judged)
accuracy = judged.filter("prediction = expensive").count()
