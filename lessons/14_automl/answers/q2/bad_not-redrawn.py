model = summary.best_trial.load_model()
probability = pd.Series(model.predict_proba(test)[:, 1], index=test.index)
left = test["churned"] == "yes"
test_auc = roc_auc_score(left, probability)
draw = np.random.default_rng(14)
samples = [draw.permutation(len(test)) for _ in range(200)]  # without replacement
drawn = [roc_auc_score(left.iloc[rows], probability.iloc[rows]) for rows in samples]
low, high = np.percentile(drawn, [2.5, 97.5])
predictable = bool(low > 0.5)
