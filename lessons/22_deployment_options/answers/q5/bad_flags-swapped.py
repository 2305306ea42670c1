tablet = write(json.dumps(exported))


def price_on_tablet(numbers, flat):
    flags = {"private": "Shared room", "shared": "Private room"}
    return max(exp(log_of(numbers, flat, flags=flags)), 10)
