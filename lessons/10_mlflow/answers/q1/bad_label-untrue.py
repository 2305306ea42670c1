q1_table = given
run_0 = logged(params(label="log_price")).info.run_id
