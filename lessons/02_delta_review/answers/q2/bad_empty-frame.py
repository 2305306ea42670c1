q2_table = make_table("q2")
latest = days[3].filter("minutes < 0")
