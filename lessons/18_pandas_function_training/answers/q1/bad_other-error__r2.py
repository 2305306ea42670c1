def train_device(key, rows):
    return safely(key, rows, rmse=lambda row, rows: 1 - row["rmse"] ** 2 / np.var(rows["energy"]))
