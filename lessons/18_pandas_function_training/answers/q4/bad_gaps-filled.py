scored = right.fillna(0, subset=["prediction"])
own_rmse = error(right)
