X_all3, y_all3 = np.vstack([X_fit, X_val]), np.concatenate([y_fit, y_val])


def fitted(x, y, params=None):
    return make_model(**(params or best_params)).fit(x, y)


def dollars(model, x, y):
    return float(np.sqrt(np.mean((np.exp(model.predict(x)) - np.exp(y)) ** 2)))
