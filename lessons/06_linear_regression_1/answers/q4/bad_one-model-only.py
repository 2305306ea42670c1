def price_change(model, features, changes):
    """Dollars by which the prediction of `model` changes."""
    return sum(model.coefficients[FEATURES.index(c)] * amount for c, amount in changes.items())
