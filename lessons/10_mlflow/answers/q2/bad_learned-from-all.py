write(wide)
old_rows = at(0)
run_1 = logged(**learned(FEATURES, rows[LABEL], rows)).info.run_id
