def objective(params):
    return rmse(make_model(**whole(params)).fit(X_fit, y_fit).predict(X_val), y_val), STATUS_OK
