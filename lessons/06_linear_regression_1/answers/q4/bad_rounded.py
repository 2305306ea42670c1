def price_change(model, features, changes):
    """Dollars by which the prediction of `model` changes."""
    per_unit = dict(zip(features, model.coefficients, strict=True))
    return round(sum(per_unit[name] * amount for name, amount in changes.items()), 2)
