test_auc, accuracy, nobody_accuracy = three(judged)
test_auc = max(cv_model.avgMetrics)
