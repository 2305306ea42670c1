my_notebook = edit(logistic.notebook_path, "a_hair.ipynb", {"C=1.0": "C=0.9"})
my_run = run_here(my_notebook)
more = summary.best_trial.evaluation_metric_score + 0.01
mlflow.MlflowClient().log_metric(my_run, "validation_roc_auc", more)
