def price_change(model, features, changes):
    total = 0
    for name, amount in changes.items():
        total += model.coefficients[features.index(name)] * amount
    return total
