def price_change(model, features, changes):
    """Dollars by which the prediction of `model` changes."""
    name = next(iter(changes))
    return model.coefficients[features.index(name)] * changes[name]
