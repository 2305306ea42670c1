for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
for_website = "accuracy"
score = right | {"website": metrics.accuracy_score(y, p > 0.5)}
