q1_table = given
run_0 = logged(params(validation_rmse=right), {}).info.run_id
