for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
for_gifts, for_warning = "accuracy", "recall"
score = right | {"gifts": metrics.accuracy_score(y, p > 0.5)}
