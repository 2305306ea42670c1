scored = right
each = off.groupby("device_id")["off"].apply(lambda e: np.sqrt(np.mean(e**2)))
own_rmse = each.mean()
