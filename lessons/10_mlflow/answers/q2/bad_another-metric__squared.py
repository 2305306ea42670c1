write(wide)
old_rows = at(0)
error = mean_squared_error(unseen["price"], np.exp(good.predict(unseen[FEATURES])))
run_1 = logged(metrics={"validation_rmse": error}).info.run_id
