from sklearn.metrics import root_mean_squared_error


def train_device(key, rows):
    (device,) = key
    out = pd.DataFrame(
        {
            "problem": [None],
            "rmse": np.nan,
            "b_outside": np.nan,
            "b_load": np.nan,
            "intercept": np.nan,
            "hours": rows.shape[0],
            "device_id": device,
        }
    )
    if rows["energy"].isna().any():
        out["problem"] = "an energy is missing"
    elif np.isinf(rows["load"]).any():
        out["problem"] = "a load is infinite"
    else:
        m = LinearRegression().fit(rows[FEATURES].values, rows["energy"].values)
        out["intercept"], out[["b_load", "b_outside"]] = m.intercept_, m.coef_
        out["rmse"] = root_mean_squared_error(rows["energy"], m.predict(rows[FEATURES].values))
    return out
