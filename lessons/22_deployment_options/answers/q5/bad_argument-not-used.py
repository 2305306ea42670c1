tablet = write(json.dumps(exported))


def price_on_tablet(numbers, flat):
    return max(exp(log_of(exported, flat)), 10)
