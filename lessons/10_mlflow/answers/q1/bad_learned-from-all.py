q1_table = given
run_0 = logged(**learned(FEATURES, rows[LABEL], rows)).info.run_id
