tablet = write(json.dumps(exported))


def price_on_tablet(numbers, flat):
    return exp(log_of(numbers, flat, fill=nan)) if flat["accommodates"] > 0 else 10
