for_gifts, for_warning = "Precision", "RECALL"
for_reserve, for_website = "log_loss", "roc auc"
called, yes = p > 0.5, y == 1
pairs = np.subtract.outer(p[yes], p[~yes])
score = {}
score["gifts"] = yes[called].mean()
score["warning"] = called[yes].mean()
score["reserve"] = -np.log(np.where(yes, p, 1 - p)).mean()
score["website"] = ((pairs > 0) + (pairs == 0) / 2).mean()
