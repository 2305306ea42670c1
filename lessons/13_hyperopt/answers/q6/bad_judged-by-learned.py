test_rmse = dollars(fitted(X_all3, y_all3), X_all3, y_all3)
