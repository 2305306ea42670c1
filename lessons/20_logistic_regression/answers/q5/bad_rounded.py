for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
score = {name: round(value, 3) for name, value in right.items()}
