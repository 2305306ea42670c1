write(wide)
old_rows = at(0)
error = root_mean_squared_error(known["log_price"], good.predict(known[FEATURES]))
run_1 = logged(metrics={"validation_rmse": error}).info.run_id
