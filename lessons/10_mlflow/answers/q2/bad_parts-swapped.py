write(wide)
old_rows = at(0)
run_1 = logged(**learned(FEATURES, unseen[LABEL], unseen)).info.run_id
