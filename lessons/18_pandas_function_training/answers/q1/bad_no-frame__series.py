def train_device(key, rows):
    return pd.Series({"device_id": key[0], "hours": len(rows), **line(rows), "problem": None})
