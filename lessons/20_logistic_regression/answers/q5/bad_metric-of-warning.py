for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
for_warning = "precision"
score = right | {"warning": right["gifts"]}
