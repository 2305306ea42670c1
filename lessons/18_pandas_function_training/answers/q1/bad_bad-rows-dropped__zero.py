def train_device(key, rows):
    return safely(key, rows.replace(np.inf, 0).fillna(0))
