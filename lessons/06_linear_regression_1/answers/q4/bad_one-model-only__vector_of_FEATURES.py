from pyspark.ml.linalg import Vectors


def price_change(model, features, changes):
    before = [0.0] * len(FEATURES)
    after = [float(changes.get(name, 0)) for name in FEATURES]
    return model.predict(Vectors.dense(after)) - model.predict(Vectors.dense(before))
