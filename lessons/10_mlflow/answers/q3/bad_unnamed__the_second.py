best_run = client.search_runs([team], FAIR, order_by=["metrics.validation_rmse"])[1].info.run_id
