change = """\
    free = frame["contract"].eq("monthly")
    ready["monthly_price"] = free * (ready["monthly_price"] - 60)
    ready["usage_gb"] = ready["usage_gb"].transform("log")
"""
my_notebook = edit(
    logistic.notebook_path, "weaker_penalty.ipynb", {END: change + END, "C=1.0": "C=0.3"}
)
my_run = run_here(my_notebook)
