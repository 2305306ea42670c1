scored = right.toPandas()
own_rmse = error(right)
