baseline_accuracy = (known["churned"] == "no").mean()
baseline_auc = 0.5
