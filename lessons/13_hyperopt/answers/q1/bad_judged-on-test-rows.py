def objective(params):
    model = make_model(**whole(params)).fit(X_fit, y_fit)
    return {"loss": rmse(model.predict(X_test), y_test), "status": STATUS_OK}
