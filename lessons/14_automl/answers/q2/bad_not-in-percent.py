probability = leaving.copy()
test_auc = auc
low, high = np.percentile(drawn, [0.025, 0.975])
predictable = bool(low > 0.5)
