def train_device(key, rows):
    return pd.DataFrame([{"device_id": key[0], "hours": len(rows), **line(rows)}])
