import numpy as np

known = log_model.transform(train).select("price", "prediction").toPandas()
residual = np.log(known["price"]) - known["prediction"]
smearing = np.exp(residual).mean()
seen = scored.toPandas()
guesses = {"plain": seen["plain"], "log": seen["dollars"], "smeared": seen["dollars"] * smearing}
scores = {}
for name, guess in guesses.items():
    miss = seen["price"] - guess
    scores[name] = {
        "rmse": np.sqrt((miss**2).mean()).round(2),
        "mae": round(miss.abs().mean(), 2),
        "r2": round(1 - (miss**2).mean() / seen["price"].var(ddof=0), 2),
    }
best = {metric: min(scores, key=lambda name: scores[name][metric]) for metric in ("rmse", "mae")}
best["r2"] = max(scores, key=lambda name: scores[name]["r2"])
