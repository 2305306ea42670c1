share, nobody_accuracy, share_log_loss = here, new, loss(new, here)
