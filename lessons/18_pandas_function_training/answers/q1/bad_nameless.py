def train_device(key, rows):
    try:
        row = {"device_id": key[0], "hours": len(rows), **line(rows), "problem": None}
    except ValueError as problem:
        row = dict.fromkeys(ALL) | {"problem": str(problem)}
    return pd.DataFrame([row])
