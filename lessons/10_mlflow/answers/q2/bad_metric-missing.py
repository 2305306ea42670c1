write(wide)
old_rows = at(0)
run_1 = logged(metrics={"rmse": right}).info.run_id
