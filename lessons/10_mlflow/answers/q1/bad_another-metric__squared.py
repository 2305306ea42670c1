q1_table = given
error = mean_squared_error(unseen["price"], good.predict(unseen[FEATURES]))
run_0 = logged(metrics={"validation_rmse": error}).info.run_id
