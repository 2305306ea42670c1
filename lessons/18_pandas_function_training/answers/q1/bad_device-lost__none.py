def train_device(key, rows):
    try:
        return pd.DataFrame(
            [{"device_id": key[0], "hours": len(rows), **line(rows), "problem": None}]
        )
    except ValueError as problem:
        print(problem)
