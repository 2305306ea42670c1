few = {**exported, "features": sorted(exported["features"])}
tablet = write(json.dumps(few))


def price_on_tablet(numbers, flat):
    return max(exp(log_of(numbers, flat)), 10)
