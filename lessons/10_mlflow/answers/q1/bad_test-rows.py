q1_table = given
_, test = load_split("listings")
test = test.toPandas()
error = root_mean_squared_error(test["price"], good.predict(test[FEATURES]))
run_0 = logged(metrics={"validation_rmse": error}).info.run_id
