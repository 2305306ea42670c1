from sklearn.metrics import log_loss

yes = fit_rows.filter("host_is_superhost = 't'").count()
share = yes / fit_rows.count()
y = np.array([row[0] for row in validation.select("superhost").collect()])
nobody_accuracy = np.mean(y == 0)
share_log_loss = log_loss(y, np.full(len(y), share))
