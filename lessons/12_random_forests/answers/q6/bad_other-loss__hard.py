half, low, log_loss = at(0.5), at(0.3), loss()
log_loss = metrics.log_loss(y, p > 0.5)
