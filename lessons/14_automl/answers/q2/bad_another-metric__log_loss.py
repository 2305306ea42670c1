probability = leaving.copy()
test_auc = summary.test_metrics["log_loss"]
low, high = summary.test_interval
predictable = bool(low > 0.5)
