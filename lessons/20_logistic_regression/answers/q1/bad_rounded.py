share, nobody_accuracy, share_log_loss = round(here, 3), round(1 - new, 3), loss(new, here)
