scored = right
own_rmse = off["off"].abs().mean()
