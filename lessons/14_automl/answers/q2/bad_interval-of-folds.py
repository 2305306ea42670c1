probability = leaving.copy()
test_auc = auc
low, high = summary.interval
predictable = bool(low > 0.5)
