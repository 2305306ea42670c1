my_notebook = edit(logistic.notebook_path, "weaker.ipynb", {"C=1.0": "C=0.3"})
my_run = summary.best_trial.mlflow_run_id
