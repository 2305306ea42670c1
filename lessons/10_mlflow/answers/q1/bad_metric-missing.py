q1_table = given
run_0 = logged(metrics={"rmse": right}).info.run_id
