test_auc, nobody_accuracy, accuracy = three(judged)
