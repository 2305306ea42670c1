probability = leaving.copy()
test_auc = auc
low, high = np.percentile(drawn, [2.5, 97.5]).round(2)
predictable = bool(low > 0.5)
