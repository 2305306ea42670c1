q1_table = given
run_0 = logged(how={"pip_requirements": REQUIREMENTS}).info.run_id
