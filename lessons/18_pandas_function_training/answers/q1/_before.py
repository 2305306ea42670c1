ALL = ["device_id", "hours", "intercept", "b_load", "b_outside", "rmse", "problem"]


def line(rows, model=None):
    """The four numbers of a line."""
    fitted = (model or LinearRegression()).fit(rows[FEATURES], rows["energy"])
    left = rows["energy"] - fitted.predict(rows[FEATURES])
    found = {"intercept": fitted.intercept_, "rmse": np.sqrt(np.mean(left**2))}
    return found | {"b_load": fitted.coef_[0], "b_outside": fitted.coef_[1]}


def safely(key, rows, **changes):
    """A row as it is due, with changes; each is a function of the right row and the rows."""
    row = dict.fromkeys(ALL) | {"device_id": key[0], "hours": len(rows)}
    try:
        row |= line(rows)
    except ValueError as problem:
        row["problem"] = str(problem)
        return pd.DataFrame([row])
    return pd.DataFrame([row | {name: make(row, rows) for name, make in changes.items()}])
