q1_table = given
error = root_mean_squared_error(known["price"], good.predict(known[FEATURES]))
run_0 = logged(metrics={"validation_rmse": error}).info.run_id
