def price_change(model, features, changes):
    per_unit = dict(zip(features, model.coefficients, strict=True))
    for name, amount in changes.items():
        total = per_unit[name] * amount
    return total
