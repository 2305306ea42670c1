baseline_accuracy = (test["churned"] == "no").mean()
baseline_auc = 50
