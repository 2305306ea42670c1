rate = """\
    means = (known[TARGET] == "yes").groupby(known["city"]).mean()
    ready["monthly_price"] = frame["city"].map(means).fillna(0)
"""
my_notebook = edit(logistic.notebook_path, "mean_by_hand.ipynb", {END: rate + END})
my_run = logistic.mlflow_run_id
