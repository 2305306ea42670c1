for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
f1 = by_class(judged, "fMeasureByLabel")
score = right | {"gifts": f1, "warning": f1}
