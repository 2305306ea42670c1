few = {name: value for name, value in exported.items() if name != "median"}
tablet = write(json.dumps(few))


def price_on_tablet(numbers, flat):
    return max(exp(log_of(numbers, flat)), 10)
