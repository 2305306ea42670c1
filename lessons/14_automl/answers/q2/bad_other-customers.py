probability = pd.Series(model.predict_proba(known)[:, 1], index=known.index)
test_auc = roc_auc_score(known["churned"] == "yes", probability)
low, high = summary.interval
predictable = bool(low > 0.5)
