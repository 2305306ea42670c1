probability = leaving.copy()
test_auc = auc
orders = [draw.permutation(len(test)) for _ in range(200)]  # without replacement
low, high = np.percentile(
    [roc_auc_score(left.iloc[rows], probability.iloc[rows]) for rows in orders], [2.5, 97.5]
)
predictable = bool(low > 0.5)
