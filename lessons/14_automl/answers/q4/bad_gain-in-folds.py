mine_in_folds = mlflow.get_run(my_run).data.metrics["validation_roc_auc"]
gain = mine_in_folds - summary.best_trial.evaluation_metric_score
left_over = true_auc - my_auc
gain_low, gain_high = np.percentile(drawn, [2.5, 97.5])
better = bool(gain_low > 0)
