X_more, y_more = np.vstack([X_all3, X_test]), np.concatenate([y_all3, y_test])
test_rmse = dollars(fitted(X_more, y_more), X_test, y_test)
