import numpy as np

known = log_model.transform(train).select("price", "prediction").toPandas()
residual = np.log(known["price"]) - known["prediction"]
smearing = round(np.exp(residual).mean(), 2)
seen = scored.toPandas()
guesses = {"plain": seen["plain"], "log": seen["dollars"], "smeared": seen["dollars"] * smearing}
scores = {}
for name, guess in guesses.items():
    miss = seen["price"] - guess
    scores[name] = {
        "rmse": np.sqrt((miss**2).mean()),
        "mae": miss.abs().mean(),
        "r2": 1 - (miss**2).mean() / seen["price"].var(ddof=0),
    }
best = {metric: min(scores, key=lambda name: scores[name][metric]) for metric in ("rmse", "mae")}
best["r2"] = max(scores, key=lambda name: scores[name]["r2"])
