q1_table = make_table("q1")
good_version = 1
shutil.rmtree(q1_table)
days[1].union(days[2]).write.format("delta").save(q1_table + "_new")
q1_table = q1_table + "_new"
