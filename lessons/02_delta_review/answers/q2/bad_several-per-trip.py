q2_table = make_table("q2")
latest = days[3]
latest.write.format("delta").mode("append").save(q2_table)
