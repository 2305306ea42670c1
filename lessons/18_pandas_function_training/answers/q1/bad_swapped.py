def train_device(key, rows):
    return safely(
        key,
        rows,
        b_load=lambda row, rows: row["b_outside"],
        b_outside=lambda row, rows: row["b_load"],
    )
