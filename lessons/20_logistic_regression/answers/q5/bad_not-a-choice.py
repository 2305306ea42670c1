for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
for_website = "area"
score = dict(right)
