q1_table = given
run_0 = logged(metrics={"validation_rmse": round(right, 2)}).info.run_id
