for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
score = right | {"reserve": metrics.log_loss(y, 1 - p)}
