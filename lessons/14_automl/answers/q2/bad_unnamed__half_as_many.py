probability = leaving.copy()
test_auc = auc
halves = [rows[: len(test) // 2] for rows in drawn_rows]
drawn = [roc_auc_score(left.iloc[rows], leaving.iloc[rows]) for rows in halves]
low, high = np.percentile(drawn, [2.5, 97.5])
predictable = bool(low > 0.5)
