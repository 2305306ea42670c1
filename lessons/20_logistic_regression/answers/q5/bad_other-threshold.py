for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
called = p > threshold
score = right | {
    "gifts": metrics.precision_score(y, called),
    "warning": metrics.recall_score(y, called),
}
