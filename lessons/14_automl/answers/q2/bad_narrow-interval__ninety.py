probability = leaving.copy()
test_auc = auc
low, high = np.percentile(drawn, [5, 95])
predictable = bool(low > 0.5)
