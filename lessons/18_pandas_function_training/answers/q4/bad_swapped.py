scored = predicted(beside, "intercept + b_load * outside + b_outside * load")
own_rmse = error(scored)
