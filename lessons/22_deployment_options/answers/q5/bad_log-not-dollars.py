tablet = write(json.dumps(exported))


def price_on_tablet(numbers, flat):
    return log_of(numbers, flat)
