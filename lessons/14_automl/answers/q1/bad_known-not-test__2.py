baseline_accuracy = 1 - (table["churned"] == "yes").mean()
baseline_auc = 0.5
