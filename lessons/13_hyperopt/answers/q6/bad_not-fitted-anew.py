test_rmse = dollars(fitted(X_fit, y_fit), X_test, y_test)
