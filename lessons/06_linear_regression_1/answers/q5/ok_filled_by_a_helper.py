cost = {}


def leave_out(name):
    cost[name] = rmse_of(known, new, others(name)) - rmse_of(known, new)


for name in FEATURES:
    leave_out(name)
