share, nobody_accuracy, share_log_loss = here, 1 - new, -loss(new, here)
