short = {
    **exported,
    "intercept": round(exported["intercept"], 3),
    "median": round(exported["median"], 3),
    "weights": [round(weight, 3) for weight in exported["weights"]],
}
tablet = write(json.dumps(short))


def price_on_tablet(numbers, flat):
    return max(exp(log_of(numbers, flat)), 10)
