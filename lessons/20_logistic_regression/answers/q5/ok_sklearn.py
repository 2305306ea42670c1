# Better when the columns are in the notebook anyway: all four from two arrays.
for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
score = {
    "gifts": metrics.precision_score(y, p > 0.5),
    "warning": metrics.recall_score(y, p > 0.5),
    "reserve": metrics.log_loss(y, p),
    "website": metrics.roc_auc_score(y, p),
}
