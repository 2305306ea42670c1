def price_change(model, features, changes):
    per_unit = dict(zip(features, model.coefficients, strict=True))
    return abs(sum(per_unit[name] * amount for name, amount in changes.items()))
