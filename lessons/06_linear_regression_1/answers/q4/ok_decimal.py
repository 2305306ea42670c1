from decimal import Decimal


def price_change(model, features, changes):
    total = Decimal(0)
    for name, amount in changes.items():
        slope = Decimal(str(model.coefficients[features.index(name)]))
        total += slope * Decimal(str(amount))
    return total
