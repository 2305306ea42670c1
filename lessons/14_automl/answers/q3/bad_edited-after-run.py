my_run = good_run
my_notebook = edit(logistic.notebook_path, "good.ipynb", {END: LINE + END, "C=1.0": "C=0.1"})
