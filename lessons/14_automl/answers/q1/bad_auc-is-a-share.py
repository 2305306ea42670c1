baseline_accuracy = (test["churned"] == "no").mean()
baseline_auc = (known["churned"] == "yes").mean()
