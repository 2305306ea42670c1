baseline_accuracy = sum(test["churned"] == "no") / len(test)
baseline_auc = 0.5
