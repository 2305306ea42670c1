baseline_accuracy = (test["churned"] == "no").mean()
baseline_auc = baseline_accuracy
