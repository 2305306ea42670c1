q1_table = given
run_0 = logged(**learned([*FEATURES, "price"], known[LABEL])).info.run_id
