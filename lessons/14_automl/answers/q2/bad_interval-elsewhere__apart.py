probability = leaving.copy()
test_auc = auc
apart = [roc_auc_score(left, leaving.iloc[rows]) for rows in drawn_rows]  # answers stay in place
low, high = np.percentile(apart, [2.5, 97.5])
predictable = bool(low > 0.5)
