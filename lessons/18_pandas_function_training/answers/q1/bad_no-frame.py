def train_device(key, rows):
    row = safely(key, rows)
    return row.iloc[0].to_dict()
