tablet = write(json.dumps(exported))


def price_on_tablet(numbers, flat):
    price = max(exp(log_of(numbers, flat)), 10)
    flat.pop("room_type")
    return price
