probability = leaving.copy()
test_auc = summary.best_trial.evaluation_metric_score
low, high = summary.test_interval
predictable = bool(low > 0.5)
