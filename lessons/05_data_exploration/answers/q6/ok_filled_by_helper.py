rmse, mae = {}, {}


def judge(name, constant):
    rmse[name] = float(root(constant))
    mae[name] = float(absolute(constant))


for name in constants:
    judge(name, constants[name])
