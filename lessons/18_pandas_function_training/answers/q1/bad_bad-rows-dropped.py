def train_device(key, rows):
    fine = rows.replace(np.inf, np.nan).dropna()
    row = dict.fromkeys(ALL) | {"device_id": key[0], "hours": len(rows)}
    try:
        row |= line(fine)
    except ValueError as problem:
        row["problem"] = str(problem)
    return pd.DataFrame([row])
