predicted = fitted(X_all3, y_all3).predict(X_test)
test_rmse = np.sqrt(np.mean((predicted - np.exp(y_test)) ** 2))
