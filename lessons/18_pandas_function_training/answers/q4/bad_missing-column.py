scored = right.drop("energy")
own_rmse = error(right)
