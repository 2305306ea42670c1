half, low, log_loss = at(0.5, p=1 - p), at(0.3, p=1 - p), loss()
