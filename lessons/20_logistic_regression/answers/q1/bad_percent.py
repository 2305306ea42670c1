share, nobody_accuracy, share_log_loss = 100 * here, 100 * (1 - new), loss(new, here)
