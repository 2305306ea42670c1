def objective(params):
    model = make_model(**whole(params)).fit(X_fit, y_fit)
    return {"rmse": rmse(model.predict(X_val), y_val), "status": STATUS_OK}
