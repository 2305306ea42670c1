for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
score = right | {
    "gifts": by_class(judged, "precisionByLabel", 0.0),
    "warning": by_class(judged, "recallByLabel", 0.0),
}
