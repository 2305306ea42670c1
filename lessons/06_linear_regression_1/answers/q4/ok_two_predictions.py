from pyspark.ml.linalg import Vectors


def price_change(model, features, changes):
    """Dollars by which the prediction of `model` changes."""
    nothing = [0.0] * len(features)
    changed = [float(changes.get(name, 0)) for name in features]
    return model.predict(Vectors.dense(changed)) - model.predict(Vectors.dense(nothing))
