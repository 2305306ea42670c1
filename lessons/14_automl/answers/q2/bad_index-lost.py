probability = pd.Series(model.predict_proba(test)[:, 1])
test_auc = auc
low, high = summary.test_interval
predictable = bool(low > 0.5)
