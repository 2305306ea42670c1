my_notebook = logistic.notebook_path
my_run = logistic.mlflow_run_id
