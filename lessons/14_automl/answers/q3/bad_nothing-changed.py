my_notebook = edit(logistic.notebook_path, "a_copy.ipynb", {})
my_run = logistic.mlflow_run_id
