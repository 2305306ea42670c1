end = "    return pd.DataFrame(ready, index=frame.index)"
line = '    ready["monthly_price"] *= frame["contract"] == "monthly"\n'
my_notebook = edit(logistic.notebook_path, "twice.ipynb", {end: line + end})
my_run = run_here(my_notebook)
my_notebook = edit(logistic.notebook_path, "twice.ipynb", {end: line + end, "C=1.0": "C=0.1"})
