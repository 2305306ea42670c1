my_notebook = good
my_run = mlflow.get_run(good_run).info.run_name
