def price_change(model, features, changes):
    """Dollars by which the prediction of `model` changes."""
    return sum(c * amount for c, amount in zip(model.coefficients, changes.values(), strict=False))
