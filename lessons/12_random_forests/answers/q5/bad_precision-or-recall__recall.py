test_auc, accuracy, nobody_accuracy = three(judged)
found = judged.filter("prediction = 1 AND expensive = 1").count()
accuracy = found / judged.filter("expensive = 1").count()
