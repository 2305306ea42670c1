from sklearn.metrics import root_mean_squared_error

model = fitted(X_all3, y_all3)
test_rmse = root_mean_squared_error(np.exp(y_test), np.exp(model.predict(X_test)))
