def objective(params):
    model = make_model(**whole(params)).fit(X_fit, y_fit)
    return {"loss": round(rmse(model.predict(X_val), y_val), 3), "status": STATUS_OK}
