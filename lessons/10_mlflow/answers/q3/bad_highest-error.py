best_run = first(FAIR, "metrics.validation_rmse DESC").info.run_id
