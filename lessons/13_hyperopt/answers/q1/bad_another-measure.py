from sklearn.metrics import mean_squared_error


def objective(params):
    model = make_model(**whole(params)).fit(X_fit, y_fit)
    return {"loss": mean_squared_error(y_val, model.predict(X_val)), "status": STATUS_OK}
