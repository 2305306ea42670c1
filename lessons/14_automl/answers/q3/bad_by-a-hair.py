my_notebook = edit(logistic.notebook_path, "half_the_c.ipynb", {"C=1.0": "C=0.5"})
my_run = run_here(my_notebook)
