def whole(params):
    return {**params, "max_depth": int(params["max_depth"])}


def rmse(predicted, due):
    return float(np.sqrt(np.mean((predicted - due) ** 2)))
