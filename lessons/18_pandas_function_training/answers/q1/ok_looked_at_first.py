# Better when you know what can be wrong: the reason is yours, and in your own words.
def train_device(key, rows):
    row = {"device_id": key[0], "hours": len(rows), "problem": None}
    numbers = ["intercept", "b_load", "b_outside", "rmse"]
    if rows["energy"].isna().any():
        return pd.DataFrame([row | dict.fromkeys(numbers) | {"problem": "an energy is missing"}])
    if not np.isfinite(rows["load"]).all():
        return pd.DataFrame([row | dict.fromkeys(numbers) | {"problem": "a load is infinite"}])
    return pd.DataFrame([row | line(rows)])
