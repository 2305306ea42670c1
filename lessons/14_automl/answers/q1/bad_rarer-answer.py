baseline_accuracy = (test["churned"] == "yes").mean()
baseline_auc = roc_auc_score(test["churned"] == "yes", np.zeros(len(test)))
