for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
for_reserve, for_website = "ROC AUC", "log loss"
score = right | {"reserve": right["website"], "website": right["reserve"]}
