write(wide)
old_rows = at(0)
_, test = load_split("listings")
test = test.toPandas()
error = root_mean_squared_error(test["price"], np.exp(good.predict(test[FEATURES])))
run_1 = logged(metrics={"validation_rmse": error}).info.run_id
