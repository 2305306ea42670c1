baseline_accuracy = (known["churned"] == "no").mean()
baseline_auc = roc_auc_score(known["churned"] == "yes", np.zeros(len(known)))
