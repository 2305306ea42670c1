write(wide)
old_rows = at(0)
run_1 = logged(name="price_model").info.run_id
