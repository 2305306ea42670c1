test_rmse = round(dollars(fitted(X_all3, y_all3), X_test, y_test), 2)
