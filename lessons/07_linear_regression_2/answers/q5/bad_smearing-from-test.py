new = log_model.transform(test).select("price", "prediction").toPandas()
smearing = (new["price"] / np.exp(new["prediction"])).mean()
scores = measured_all(smearing)
best = winners(scores)
