test_auc, accuracy, nobody_accuracy = three(judged)
nobody_accuracy = 1 - nobody_accuracy
