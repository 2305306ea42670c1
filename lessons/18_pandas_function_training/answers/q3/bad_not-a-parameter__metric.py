parent_id = parent()
for row in best.itertuples():
    run = child(parent_id, row, param=None)
    client.log_metric(run, "device_id", row.device_id)
