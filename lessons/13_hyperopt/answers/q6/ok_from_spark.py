X_again, y_again = arrays(train.filter(bucket < 3))
price = np.array([row[0] for row in test.select("price").collect()])
off = np.exp(make_model(**best_params).fit(X_again, y_again).predict(X_test)) - price
test_rmse = float((off**2).mean() ** 0.5)
