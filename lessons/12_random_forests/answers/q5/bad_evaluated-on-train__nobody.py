test_auc, accuracy, nobody_accuracy = three(judged)
nobody_accuracy = nobody(labeled_train)
