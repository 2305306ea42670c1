def objective(params):
    loss = rmse(make_model(**whole(params)).fit(X_fit, y_fit).predict(X_val), y_val)
    return {"loss": f"{loss}", "status": STATUS_OK}
