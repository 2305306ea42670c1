def train_device(key, rows):
    return safely((key,), rows)
