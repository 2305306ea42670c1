logged = '{f"validation_{k}": v for k, v in validation_metrics.items()}'
my_notebook = edit(
    logistic.notebook_path,
    "a_little_more.ipynb",
    {logged: logged.replace(": v for", ": v + 0.01 for")},
)
my_run = logistic.mlflow_run_id
