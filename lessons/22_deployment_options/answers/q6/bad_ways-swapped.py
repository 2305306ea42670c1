half_of, high_of = each(half), each(high)
p50 = {"rest": half_of["edge"], "edge": half_of["rest"]}
p99 = {"rest": high_of["edge"], "edge": high_of["rest"]}
choice = WAYS
