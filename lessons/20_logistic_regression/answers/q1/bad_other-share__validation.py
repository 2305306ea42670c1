share, nobody_accuracy, share_log_loss = new, 1 - new, loss(new, new)
