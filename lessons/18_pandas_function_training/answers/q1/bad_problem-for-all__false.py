def train_device(key, rows):
    return safely(key, rows, problem=lambda row, rows: False)
