q1_table = given
run_0 = logged(metrics={"validation_rmse": right + 1}).info.run_id
