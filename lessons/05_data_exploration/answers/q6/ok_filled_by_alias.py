rmse, mae = {}, {}
for name, constant in constants.items():
    for table, loss in ((rmse, root), (mae, absolute)):
        table[name] = loss(constant)
