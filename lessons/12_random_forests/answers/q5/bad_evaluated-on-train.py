test_auc, accuracy, nobody_accuracy = three(cv_model.transform(labeled_train))
