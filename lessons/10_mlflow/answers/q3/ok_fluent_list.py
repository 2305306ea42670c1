found = mlflow.search_runs(
    experiment_names=[client.get_experiment(team).name],
    filter_string=f"params.data_path = '{colleagues.table}' and {FAIR}",
    order_by=["metrics.validation_rmse"],
    output_format="list",
)
best_run = found[0].info.run_id
