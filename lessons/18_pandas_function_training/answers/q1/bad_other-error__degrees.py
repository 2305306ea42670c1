def train_device(key, rows):
    n = len(rows)
    return safely(key, rows, rmse=lambda row, rows: row["rmse"] * np.sqrt(n / (n - 3)))
