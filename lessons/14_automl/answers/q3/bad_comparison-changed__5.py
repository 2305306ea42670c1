logged = "{name: validation_metrics[k] for name, k"
my_notebook = edit(
    logistic.notebook_path,
    "a_little_more.ipynb",
    {logged: logged.replace("[k] for", "[k] + 0.01 for")},
)
my_run = logistic.mlflow_run_id
