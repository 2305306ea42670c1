probability = leaving.copy()
test_auc = auc
learned = known.assign(p=model.predict_proba(known)[:, 1])
of_known = []
for seed in range(200):
    rows = learned.sample(frac=1, replace=True, random_state=seed)
    of_known.append(roc_auc_score(rows["churned"] == "yes", rows["p"]))
low, high = np.percentile(of_known, [2.5, 97.5])
predictable = bool(low > 0.5)
