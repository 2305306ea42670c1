low, half, log_loss = at(0.5), at(0.3), loss()
