test_rmse = dollars(fitted(X_val, y_val), X_test, y_test)
