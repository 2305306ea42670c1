end = "model = clone(pipeline)"
more = 'validation_metrics["roc_auc"] += 0.01\n'
my_notebook = edit(logistic.notebook_path, "a_little_more_before.ipynb", {end: more + end})
my_run = logistic.mlflow_run_id
