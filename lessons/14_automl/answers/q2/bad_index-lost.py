model = summary.best_trial.load_model()
probability = pd.Series(model.predict_proba(test)[:, 1])
test_auc = roc_auc_score(test["churned"] == "yes", probability)
low, high = summary.test_interval
predictable = bool(low > 0.5)
