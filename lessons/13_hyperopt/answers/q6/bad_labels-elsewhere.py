test_rmse = dollars(fitted(X_all3, np.concatenate([y_val, y_fit])), X_test, y_test)
