def objective(params):
    model = make_model(**whole(params)).fit(X_fit, y_fit)
    return {"loss": np.sqrt(np.sum((model.predict(X_val) - y_val) ** 2)), "status": STATUS_OK}
