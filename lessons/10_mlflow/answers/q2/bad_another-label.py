write(wide)
old_rows = at(0)
run_1 = logged(**learned(FEATURES, known["price"])).info.run_id
