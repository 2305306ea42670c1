def objective(params):
    model = make_model(**params).fit(X_fit, y_fit)
    return {"loss": rmse(model.predict(X_val), y_val), "status": STATUS_OK}
