my_notebook = edit(
    logistic.notebook_path,
    "all_columns.ipynb",
    {
        "FEATURES = NUMBERS": 'CATEGORIES += ["churned"]\nFEATURES = NUMBERS',
        "'contract', ": "'churned', 'contract', ",
    },
)
my_run = logistic.mlflow_run_id
