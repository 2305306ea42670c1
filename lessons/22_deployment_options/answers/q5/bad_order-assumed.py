tablet = write(json.dumps(exported))


def price_on_tablet(numbers, flat):
    fixed = {**numbers, "features": exported["features"]}
    return max(exp(log_of(fixed, flat)), 10)
