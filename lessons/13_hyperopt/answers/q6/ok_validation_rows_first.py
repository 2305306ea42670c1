X_turned, y_turned = np.vstack([X_val, X_fit]), np.concatenate([y_val, y_fit])
test_rmse = dollars(fitted(X_turned, y_turned), X_test, y_test)
