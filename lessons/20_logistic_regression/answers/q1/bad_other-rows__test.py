last = mean(test_rows)
share, nobody_accuracy, share_log_loss = here, 1 - last, loss(last, here)
