end = "    return pd.DataFrame(ready, index=frame.index)"
line = '    ready["monthly_price"] *= frame["contract"] == "monthly"\n'
my_notebook = edit(logistic.notebook_path, "named.ipynb", {end: line + end})
my_run = mlflow.get_run(run_here(my_notebook)).info.run_name
