scored = predicted(beside, "b_load * load + b_outside * outside")
own_rmse = error(scored)
