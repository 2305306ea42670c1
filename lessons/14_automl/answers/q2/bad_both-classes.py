probability = pd.DataFrame(model.predict_proba(test), index=test.index, columns=model.classes_)
test_auc = roc_auc_score(left, probability["yes"])
low, high = summary.test_interval
predictable = bool(low > 0.5)
