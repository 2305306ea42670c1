off = np.exp(fitted(X_all3, y_all3).predict(X_test)) - np.exp(y_test)
test_rmse = np.sqrt(np.sum(off**2))
