q1_table = given
error = root_mean_squared_error(rows["price"], good.predict(rows[FEATURES]))
run_0 = logged(metrics={"validation_rmse": error}).info.run_id
