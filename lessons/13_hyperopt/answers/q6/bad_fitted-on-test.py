test_rmse = dollars(fitted(X_test, y_test), X_test, y_test)
