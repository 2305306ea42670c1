scored = right
own_rmse = error(predicted(train.join(b, "device_id", "left")))
