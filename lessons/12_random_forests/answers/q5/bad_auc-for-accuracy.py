accuracy, test_auc, nobody_accuracy = three(judged)
