share = 0.43
nobody_accuracy, share_log_loss = 1 - new, loss(new, here)
