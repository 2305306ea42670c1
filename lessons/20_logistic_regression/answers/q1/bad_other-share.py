share = mean(train.withColumn("superhost", is_superhost))
nobody_accuracy, share_log_loss = 1 - new, loss(new, share)
