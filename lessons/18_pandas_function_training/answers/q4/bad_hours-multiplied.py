scored = predicted(test.join(b.unionAll(b), "device_id", "left"))
own_rmse = error(scored)
