baseline_accuracy = round((test["churned"] == "no").mean(), 2)
baseline_auc = 0.5
