write(wide)
old_rows = at(0)
signature = infer_signature(known[FEATURES], good.predict(known[FEATURES]))
run_1 = logged(how={"signature": signature, "pip_requirements": REQUIREMENTS}).info.run_id
