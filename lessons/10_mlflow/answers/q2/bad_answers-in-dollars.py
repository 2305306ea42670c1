from sklearn.compose import TransformedTargetRegressor

write(wide)
old_rows = at(0)
line = TransformedTargetRegressor(LinearRegression(), func=np.log, inverse_func=np.exp)
run_1 = logged(model=line.fit(known[FEATURES], known["price"])).info.run_id
