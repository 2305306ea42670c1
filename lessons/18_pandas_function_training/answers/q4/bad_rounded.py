scored = right
own_rmse = round(error(right), 3)
