dull = '    ready["support_calls"] = ready["support_calls"].clip(upper=1)\n'
my_notebook = edit(logistic.notebook_path, "dull.ipynb", {END: dull + END})
my_run = run_here(my_notebook)
