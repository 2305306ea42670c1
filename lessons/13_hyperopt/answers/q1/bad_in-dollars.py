def objective(params):
    model = make_model(**whole(params)).fit(X_fit, y_fit)
    return {"loss": rmse(np.exp(model.predict(X_val)), np.exp(y_val)), "status": STATUS_OK}
