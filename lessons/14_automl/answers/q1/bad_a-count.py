baseline_accuracy = (test["churned"] == "no").sum()
baseline_auc = 0.5
