parent_id = parent()
for row in best.itertuples():
    run = child(parent_id, row, metric=None)
    client.log_param(run, "rmse", row.rmse)
