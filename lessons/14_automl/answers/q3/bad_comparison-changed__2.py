my_notebook = edit(
    logistic.notebook_path,
    "other_folds.ipynb",
    {'folds = PredefinedSplit(known["_automl_fold"])': "folds = 20"},
)
my_run = logistic.mlflow_run_id
