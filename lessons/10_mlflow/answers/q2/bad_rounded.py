write(wide)
old_rows = at(0)
run_1 = logged(metrics={"validation_rmse": round(right, 2)}).info.run_id
