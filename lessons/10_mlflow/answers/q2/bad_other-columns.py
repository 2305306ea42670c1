write(wide)
old_rows = at(0)
run_1 = logged(**learned(FEATURES[:3], known[LABEL])).info.run_id
