for_gifts, for_warning, for_reserve, for_website = "precision", "recall", "log loss", "ROC AUC"
score = right | {"reserve": -np.log(p[y == 1]).mean()}
