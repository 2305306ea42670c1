END = "    return pd.DataFrame(ready, index=frame.index)"
LINE = '    ready["monthly_price"] *= frame["contract"] == "monthly"\n'
good = edit(logistic.notebook_path, "good.ipynb", {END: LINE + END})
good_run = run_here(good)
