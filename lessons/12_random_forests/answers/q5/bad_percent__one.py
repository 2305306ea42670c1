test_auc, accuracy, nobody_accuracy = three(judged)
accuracy = accuracy * 100
