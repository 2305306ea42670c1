model = summary.best_trial.load_model()
probability = pd.Series(model.predict(test), index=test.index)
test_auc = roc_auc_score(test["churned"] == "yes", probability == "yes")
low, high = summary.test_interval
predictable = bool(low > 0.5)
