test_rmse = dollars(fitted(X_all3, y_all3, {**best_params, "max_depth": 1}), X_test, y_test)
