test_rmse = np.sqrt(np.mean((fitted(X_all3, y_all3).predict(X_test) - y_test) ** 2))
