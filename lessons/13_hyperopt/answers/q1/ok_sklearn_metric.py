# Better when others read it: scikit-learn has a function for the RMSE.
from sklearn.metrics import root_mean_squared_error


def objective(params):
    rate, depth, share = params["learning_rate"], params["max_depth"], params["max_features"]
    model = make_model(rate, round(depth), share)
    model.fit(X_fit, y_fit)
    return {"loss": root_mean_squared_error(y_val, model.predict(X_val)), "status": STATUS_OK}
