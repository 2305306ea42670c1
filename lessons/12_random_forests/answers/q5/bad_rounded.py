test_auc, accuracy, nobody_accuracy = (round(value, 3) for value in three(judged))
