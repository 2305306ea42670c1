test_auc, accuracy, nobody_accuracy = three(model.transform(labeled_test))
