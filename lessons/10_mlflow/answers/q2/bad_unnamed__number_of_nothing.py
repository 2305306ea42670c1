write(wide)
old_rows = at(0)
run_1 = logged(metrics={"validation_rmse": right + 1}).info.run_id
