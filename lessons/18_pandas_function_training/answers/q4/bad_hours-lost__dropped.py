scored = right.dropna(subset=["prediction"])
own_rmse = error(scored)
