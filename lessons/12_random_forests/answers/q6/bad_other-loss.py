half, low, log_loss = at(0.5), at(0.3), loss()
log_loss = log_loss / np.log(2)
