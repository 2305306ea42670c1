q1_table = given
run_0 = logged(**learned(FEATURES[:3], known["price"])).info.run_id
