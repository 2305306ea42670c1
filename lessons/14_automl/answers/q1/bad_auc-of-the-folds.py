baseline_accuracy = (test["churned"] == "no").mean()
baseline_auc = summary.leaderboard()["roc_auc"].min().round(3)
