from sklearn.metrics import log_loss

y = validation.select("superhost").toPandas()["superhost"]
share, nobody_accuracy, share_log_loss = here, 1 - new, log_loss(y, np.zeros(len(y)))
