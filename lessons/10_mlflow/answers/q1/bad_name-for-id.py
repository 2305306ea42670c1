q1_table = given
run_0 = logged(run_name="a line").info.run_name
