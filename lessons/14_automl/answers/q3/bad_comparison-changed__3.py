my_notebook = edit(
    logistic.notebook_path,
    "easy_customers.ipynb",
    {"pipeline = Pipeline(": 'known = known[known["support_calls"] != 1]\npipeline = Pipeline('},
)
my_run = logistic.mlflow_run_id
