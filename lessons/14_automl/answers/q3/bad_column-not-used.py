line = '    ready["price_if_monthly"] = ready["monthly_price"] * (frame["contract"] == "monthly")\n'
my_notebook = edit(logistic.notebook_path, "a_column_in_vain.ipynb", {END: line + END})
my_run = run_here(my_notebook)
