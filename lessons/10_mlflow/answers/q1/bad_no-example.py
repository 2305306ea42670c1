q1_table = given
signature = infer_signature(known[FEATURES], good.predict(known[FEATURES]))
run_0 = logged(how={"signature": signature, "pip_requirements": REQUIREMENTS}).info.run_id
