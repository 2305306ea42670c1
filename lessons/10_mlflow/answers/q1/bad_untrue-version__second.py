q1_table = f"{work}/{fresh('listings')}"
for _ in range(2):
    listings.write.format("delta").mode("append").save(q1_table)
run_0 = logged(params(data_path=q1_table, data_version=1)).info.run_id
