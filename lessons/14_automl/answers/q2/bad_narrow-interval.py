model = summary.best_trial.load_model()
probability = pd.Series(model.predict_proba(test)[:, 1], index=test.index)
test_auc = roc_auc_score(test["churned"] == "yes", probability)

left = test["churned"] == "yes"
draw = np.random.default_rng(14)
samples = [draw.integers(0, len(test), len(test)) for _ in range(300)]
drawn = [roc_auc_score(left.iloc[rows], probability.iloc[rows]) for rows in samples]
low, high = np.percentile(drawn, [10, 90])
predictable = bool(low > 0.5)
