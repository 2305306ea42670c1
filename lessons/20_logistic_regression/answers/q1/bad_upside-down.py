share = mean(fit_rows.withColumn("superhost", 1 - F.col("superhost")))
nobody_accuracy, share_log_loss = 1 - new, loss(new, share)
