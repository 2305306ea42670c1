best_run = mlflow.search_runs([team]).iloc[0]["run_id"]
