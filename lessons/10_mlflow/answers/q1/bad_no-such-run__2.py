q1_table = given
run_0 = experiment_id
