q1_table = given
run_0 = logged(model=None).info.run_id
