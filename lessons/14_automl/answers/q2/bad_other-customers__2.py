probability = pd.Series(model.predict_proba(test)[:, 1], index=known.index[: len(test)])
test_auc = summary.test_metrics["roc_auc"]
low, high = summary.test_interval
predictable = bool(low > 0.5)
