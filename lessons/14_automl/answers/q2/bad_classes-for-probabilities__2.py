probability = pd.Series(model.predict(test) == "yes", index=test.index).astype(int)
test_auc = roc_auc_score(left, probability)
low, high = summary.test_interval
predictable = bool(low > 0.5)
