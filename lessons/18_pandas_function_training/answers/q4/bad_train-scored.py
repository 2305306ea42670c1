scored = predicted(train.join(b, "device_id", "left"))
own_rmse = error(scored)
