# Better when drawing takes long: a standard deviation needs fewer samples than the ends
probability = leaving.copy()

test_auc = auc
low, high = auc - 1.96 * np.std(drawn), auc + 1.96 * np.std(drawn)
predictable = np.array([low, high]).min() > baseline_auc
