import numpy as np

known = log_model.transform(train).select("price", "prediction").toPandas()
residual = np.log(known["price"]) - known["prediction"]
seen = scored.toPandas()


def measured(price, guess):
    miss = price - guess
    square = (miss**2).mean()
    return {"rmse": np.sqrt(square), "mae": miss.abs().mean(), "r2": 1 - square / price.var(ddof=0)}


def measured_all(factor, rows=seen):
    guesses = {"plain": rows["plain"], "log": rows["dollars"], "smeared": rows["dollars"] * factor}
    return {name: measured(rows["price"], guess) for name, guess in guesses.items()}


def winners(scores):
    best = {m: min(scores, key=lambda name: scores[name][m]) for m in ("rmse", "mae")}
    return best | {"r2": max(scores, key=lambda name: scores[name]["r2"])}
