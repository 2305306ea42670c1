scored = predicted(test.join(b, "device_id", "full"))
own_rmse = error(scored)
