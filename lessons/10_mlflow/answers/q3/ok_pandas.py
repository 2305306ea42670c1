# Better when you want to look at all runs, too: they come as a pandas frame
runs = mlflow.search_runs(experiment_ids=[team])
fair = runs[
    (runs["status"] == "FINISHED")
    & (runs["params.data_version"] == "1")
    & (runs["params.unit"] == "dollars")
]
best_run = fair.loc[fair["metrics.validation_rmse"].idxmin(), "run_id"]
