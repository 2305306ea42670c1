baseline_accuracy = (test["churned"] == "no").mean()
baseline_auc = "one half"
