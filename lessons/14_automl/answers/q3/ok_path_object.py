my_notebook, my_run = Path(good), str(good_run)
