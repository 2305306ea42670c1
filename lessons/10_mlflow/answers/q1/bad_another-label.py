q1_table = given
run_0 = logged(**learned(FEATURES, np.log(known["price"]))).info.run_id
