probability = leaving.copy()
test_auc = round(auc, 3)
low, high = np.percentile(drawn, [2.5, 97.5])
predictable = bool(low > 0.5)
