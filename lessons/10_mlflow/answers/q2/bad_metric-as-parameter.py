write(wide)
old_rows = at(0)
run_1 = logged(params(validation_rmse=right), {}).info.run_id
