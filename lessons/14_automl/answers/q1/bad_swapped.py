baseline_auc = (test["churned"] == "no").mean()
baseline_accuracy = roc_auc_score(test["churned"] == "yes", np.zeros(len(test)))
