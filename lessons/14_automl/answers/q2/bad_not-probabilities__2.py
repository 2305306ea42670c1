probability = leaving.rank(pct=True)
test_auc = auc
low, high = np.percentile(drawn, [2.5, 97.5])
predictable = bool(low > 0.5)
