def values_of(trial):
    return {name: value[0] for name, value in trial["misc"]["vals"].items()}


def ready(values):
    params = space_eval(space, values)
    return {**params, "max_depth": int(params["max_depth"])}


def rmse(params, judge=(X_val, y_val)):
    x, y = judge
    model = make_model(**params).fit(X_fit, y_fit)
    return float(np.sqrt(np.mean((model.predict(x) - y) ** 2)))


right_params = ready(trials.argmin)
right_losses = [rmse(params) for params in ParameterGrid(GRID)]
right_loss = min(right_losses)
lowest = min(trials.losses())
