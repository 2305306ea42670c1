change = """\
    # Who churned left over the price, says the support line; see the figure below
    data = frame["contract"]
    ready["monthly_price"] *= data == "monthly"
"""
my_notebook = edit(
    logistic.notebook_path,
    "other_words.ipynb",
    {
        END: change + END,
        'print("validation roc_auc =", validation_metrics["roc_auc"])': "# Now compare\n"
        "print(f\"AUC {validation_metrics['roc_auc']:.3f}\")",
        "data.shape": "data.shape\ndata.head()",
    },
)
my_run = run_here(my_notebook)
