probability = leaving.copy()
test_auc = auc
low, high = np.percentile(drawn, [20, 80])
predictable = bool(low > 0.5)
