write(wide)
old_rows = at(0)
run_1 = logged(
    params(data_version=None), {"data_version": VERSION, "validation_rmse": right}
).info.run_id
