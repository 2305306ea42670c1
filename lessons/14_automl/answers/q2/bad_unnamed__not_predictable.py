probability = leaving.copy()
test_auc = auc
low, high = np.percentile(drawn, [2.5, 97.5])
predictable = bool(high < 0.5)
