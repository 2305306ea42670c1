# Better when several columns change at once: one product of two vectors.
def price_change(model, features, changes):
    return float(np.dot(model.coefficients.toArray(), [changes.get(name, 0) for name in features]))
