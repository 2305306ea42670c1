best_run = first(FAIR, "metrics.training_rmse ASC").info.run_id
