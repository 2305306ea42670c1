def objective(params):
    model = make_model(0.1, 3, "sqrt").fit(X_fit, y_fit)
    return {"loss": rmse(model.predict(X_val), y_val), "status": STATUS_OK}
