def objective(params):
    model = make_model(**whole(params)).fit(X_fit, y_fit)
    return {"loss": model.score(X_val, y_val), "status": STATUS_OK}
