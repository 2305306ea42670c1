def objective(params):
    model = make_model(**whole(params))
    model.fit(np.vstack([X_fit, X_val]), np.concatenate([y_fit, y_val]))
    return {"loss": rmse(model.predict(X_val), y_val), "status": STATUS_OK}
