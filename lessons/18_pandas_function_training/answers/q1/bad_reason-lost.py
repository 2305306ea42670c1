def train_device(key, rows):
    made = safely(key, rows)
    made["problem"] = None
    return made
