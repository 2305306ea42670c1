my_notebook = logistic.notebook_path + ".bak"
my_run = good_run
