baseline_accuracy = 0.73
baseline_auc = 0.5
