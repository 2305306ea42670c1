both = listed.groupBy("device_id").applyInPandas(train_device, models.schema)
scored = predicted(test.join(both.select(b.columns), "device_id", "left"))
own_rmse = error(scored)
