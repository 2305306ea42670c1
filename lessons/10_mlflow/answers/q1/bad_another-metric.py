q1_table = given
error = mean_absolute_error(unseen["price"], good.predict(unseen[FEATURES]))
run_0 = logged(metrics={"validation_rmse": error}).info.run_id
