my_notebook = edit(
    logistic.notebook_path,
    "fit_for_use_on_all.ipynb",
    {"fit(known[FEATURES], known[TARGET])": "fit(data[FEATURES], data[TARGET])"},
)
my_run = logistic.mlflow_run_id
