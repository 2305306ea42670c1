known, judge = (rows.select("superhost").toPandas()["superhost"] for rows in (fit_rows, validation))
share = known.mean()
nobody_accuracy = (judge == 0).mean()
share_log_loss = -np.log(np.where(judge == 1, share, 1 - share)).mean()
