scored = right
own_rmse = error(right.fillna(0, subset=["prediction"]))
