tablet = write(json.dumps(exported))


def dollars(log_price):
    import numpy

    return max(float(numpy.exp(log_price)), 10)


def price_on_tablet(numbers, flat):
    return dollars(log_of(numbers, flat))
