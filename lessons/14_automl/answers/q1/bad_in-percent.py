baseline_accuracy = 100 * (test["churned"] == "no").mean()
baseline_auc = 0.5
