probability = leaving.copy()
test_auc = model.score(test, test["churned"])
low, high = summary.test_interval
predictable = bool(low > 0.5)
