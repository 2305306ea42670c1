tablet = write(json.dumps(exported["weights"]))


def price_on_tablet(numbers, flat):
    return max(exp(log_of(numbers, flat)), 10)
