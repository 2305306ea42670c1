test_rmse = dollars(fitted(X_fit, y_fit), X_val, y_val)
