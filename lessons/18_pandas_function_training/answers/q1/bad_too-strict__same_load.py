def train_device(key, rows):
    made = safely(key, rows)
    return made.assign(problem="always the same") if rows["load"].nunique() < 2 else made
