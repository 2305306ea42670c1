half, low, log_loss = at(0.5), at(0.3), loss()
called = (p > 0.5).astype(float)
log_loss = -np.mean(np.log(np.clip(np.where(y, called, 1 - called), 1e-15, 1)))
