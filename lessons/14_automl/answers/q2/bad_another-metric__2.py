model = summary.best_trial.load_model()
probability = pd.Series(model.predict_proba(test)[:, 1], index=test.index)
test_auc = model.score(test, test["churned"])
low, high = summary.test_interval
predictable = bool(low > 0.5)
