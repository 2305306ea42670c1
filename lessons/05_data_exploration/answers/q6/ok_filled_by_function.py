def fill(table, loss):
    for name, constant in constants.items():
        table[name] = loss(constant)


rmse, mae = {}, {}
fill(rmse, root)
fill(mae, absolute)
