def train_device(key, rows):
    row = dict.fromkeys(ALL) | {"device_id": key[0], "hours": len(rows)}
    try:
        row |= line(rows, LinearRegression(fit_intercept=False))
    except ValueError as problem:
        row["problem"] = str(problem)
    return pd.DataFrame([row])
