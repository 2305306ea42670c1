model = summary.best_trial.load_model()
probability = pd.Series(model.predict_proba(test)[:, 1], index=test.index)
test_auc = roc_auc_score(test["churned"] == "yes", probability)

draw = np.random.default_rng(14)
learned = known.assign(p=model.predict_proba(known)[:, 1])
drawn = []
for _ in range(200):
    rows = learned.iloc[draw.integers(0, len(known), len(known))]
    drawn.append(roc_auc_score(rows["churned"] == "yes", rows["p"]))
low, high = np.percentile(drawn, [2.5, 97.5])
predictable = bool(low > 0.5)
