probability = leaving.copy()
test_auc = auc
low, high = np.percentile(drawn, [16, 84])
predictable = bool(low > 0.5)
