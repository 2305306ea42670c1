q1_table = f"{work}/{fresh('listings')}"
listings.write.format("delta").save(q1_table)
run_0 = logged().info.run_id
