def objective(params):
    model = make_model(**whole(params)).fit(X_val, y_val)
    return {"loss": rmse(model.predict(X_fit), y_fit), "status": STATUS_OK}
