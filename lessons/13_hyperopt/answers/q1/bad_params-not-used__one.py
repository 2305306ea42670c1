def objective(params):
    model = make_model(0.1, int(params["max_depth"]), params["max_features"]).fit(X_fit, y_fit)
    return {"loss": rmse(model.predict(X_val), y_val), "status": STATUS_OK}
