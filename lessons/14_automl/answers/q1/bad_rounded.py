baseline_accuracy = round((test["churned"] == "no").mean(), 1)
baseline_auc = 0.5
