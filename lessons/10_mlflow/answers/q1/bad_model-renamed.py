q1_table = given
run_0 = logged(name="price_model").info.run_id
