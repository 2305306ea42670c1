model = summary.best_trial.load_model()
probability = pd.Series(model.predict_proba(test)[:, 1], index=test.index)
test_auc = roc_auc_score(test["churned"] == "yes", probability)
low, high = summary.test_interval
spread = (high - low) / 4
low, high = test_auc - spread, test_auc + spread
predictable = bool(low > 0.5)
