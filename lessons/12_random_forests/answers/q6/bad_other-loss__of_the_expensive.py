half, low, log_loss = at(0.5), at(0.3), loss(y[y], p[y])
