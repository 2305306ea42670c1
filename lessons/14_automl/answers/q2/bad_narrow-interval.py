probability = leaving.copy()
test_auc = auc
low, high = np.percentile(drawn, [10, 90])
predictable = bool(low > 0.5)
