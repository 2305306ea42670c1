def train_device(key, rows):
    made = safely(key, rows)
    return made if len(rows) > 2 else made.assign(problem="too few hours")
