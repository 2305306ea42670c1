probability = leaving.copy()
test_auc = auc
low, high = auc - np.std(drawn), auc + np.std(drawn)
predictable = bool(low > 0.5)
