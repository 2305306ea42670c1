baseline_accuracy = table["churned"].value_counts(normalize=True).max()
baseline_auc = roc_auc_score(table["churned"] == "yes", np.zeros(len(table)))
