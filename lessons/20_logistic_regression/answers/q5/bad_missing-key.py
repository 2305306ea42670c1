for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
score = {name: value for name, value in right.items() if name != "website"}
