my_notebook = edit(logistic.notebook_path, "never_run.ipynb", {END: LINE + END})
my_run = good_run
