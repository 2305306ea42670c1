test_rmse = dollars(fitted(*arrays(train)), X_test, y_test)
