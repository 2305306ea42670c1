write(wide)
old_rows = at(0)
error = root_mean_squared_error(unseen["log_price"], good.predict(unseen[FEATURES]))
run_1 = logged(metrics={"validation_rmse": error}).info.run_id
