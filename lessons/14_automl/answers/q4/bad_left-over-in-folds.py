gain = my_auc - their_auc
left_over = true_auc - mlflow.get_run(my_run).data.metrics["validation_roc_auc"]
gain_low, gain_high = np.percentile(drawn, [2.5, 97.5])
better = bool(gain_low > 0)
