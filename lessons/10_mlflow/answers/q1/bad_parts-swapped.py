q1_table = given
run_0 = logged(**learned(FEATURES, unseen[LABEL], unseen)).info.run_id
