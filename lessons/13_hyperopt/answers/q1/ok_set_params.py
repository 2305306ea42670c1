model = make_model(0.1, 3, "sqrt")


def objective(params):
    model.set_params(**whole(params)).fit(X_fit, y_fit)
    return {
        "status": STATUS_OK,
        "loss": np.float64(np.linalg.norm(model.predict(X_val) - y_val) / len(y_val) ** 0.5),
    }
