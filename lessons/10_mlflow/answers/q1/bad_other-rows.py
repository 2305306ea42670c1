q1_table = f"{work}/{fresh('listings')}"
listings.filter("part = 'fit'").write.format("delta").save(q1_table)
run_0 = logged(params(data_path=q1_table)).info.run_id
