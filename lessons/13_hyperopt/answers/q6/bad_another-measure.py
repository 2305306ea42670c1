model = fitted(X_all3, y_all3)
test_rmse = np.mean((np.exp(model.predict(X_test)) - np.exp(y_test)) ** 2)
