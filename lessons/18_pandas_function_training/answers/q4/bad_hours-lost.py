scored = predicted(test.join(b.dropna(), "device_id"))
own_rmse = error(scored)
