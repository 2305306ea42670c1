probability = pd.Series(model.predict_proba(test)[:, 0], index=test.index)
test_auc = roc_auc_score(left, probability)
low, high = np.percentile(drawn, [2.5, 97.5])
predictable = bool(low > 0.5)
