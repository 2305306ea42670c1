def train_device(key, rows):
    return safely(key, rows, rmse=lambda row, rows: row["rmse"] ** 2)
