def train_device(key, rows):
    made = safely(key, rows)
    if made["problem"].notna().any():
        made["problem"] = True
    return made
