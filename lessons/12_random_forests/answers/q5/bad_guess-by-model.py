test_auc, accuracy, nobody_accuracy = three(judged)
nobody_accuracy = judged.filter("prediction = 0").count() / judged.count()
