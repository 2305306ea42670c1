test_auc, accuracy, nobody_accuracy = three(judged)
accuracy = 1 - accuracy
