half, low, log_loss = at(0.5), at(0.3), loss()
del half["f1"]
