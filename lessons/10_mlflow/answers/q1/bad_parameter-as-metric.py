q1_table = given
run_0 = logged(
    params(data_version=None), {"data_version": VERSION, "validation_rmse": right}
).info.run_id
