def price_change(_, features, changes):
    return sum(model.coefficients[features.index(c)] * amount for c, amount in changes.items())
