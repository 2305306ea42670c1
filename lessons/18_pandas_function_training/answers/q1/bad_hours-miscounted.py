def train_device(key, rows):
    return safely(key, rows, hours=lambda row, rows: rows.size)
