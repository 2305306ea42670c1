verdict = {}
for device, rows in known.groupby("device_id"):
    if device in failed:
        continue
    if len(rows) == 1:
        verdict["single"] = np.int64(device)
    elif np.ptp(rows["load"]) == 0:
        verdict["stuck"] = device
    elif table["rmse"][device] > 10 * np.nanmedian(table["rmse"]):
        verdict["erratic"] = device
times = np.float64(table["rmse"][verdict["erratic"]]) / np.nanmedian(table["rmse"])
