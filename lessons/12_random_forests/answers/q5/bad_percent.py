test_auc, accuracy, nobody_accuracy = (100 * value for value in three(judged))
