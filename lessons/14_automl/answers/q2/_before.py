model = summary.best_trial.load_model()
leaving = pd.Series(model.predict_proba(test)[:, 1], index=test.index)
left = test["churned"] == "yes"
auc = roc_auc_score(left, leaving)
draw = np.random.default_rng(5)
drawn_rows = [draw.integers(0, len(test), len(test)) for _ in range(1000)]
drawn = [roc_auc_score(left.iloc[rows], leaving.iloc[rows]) for rows in drawn_rows]
