test_auc, accuracy, nobody_accuracy = three(judged)
test_auc = 1 - test_auc
