write(wide)
old_rows = at(0)
run_1 = logged(how={"pip_requirements": REQUIREMENTS}).info.run_id
