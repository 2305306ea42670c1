bookable = (F.col("instant_bookable") == "t").cast("double")
share = fit_rows.agg(F.avg(bookable)).first()[0]
nobody_accuracy, share_log_loss = 1 - new, loss(new, here)
