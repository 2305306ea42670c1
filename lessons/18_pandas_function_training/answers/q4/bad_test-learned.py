later = test.groupBy("device_id").applyInPandas(train_device, models.schema)
scored = predicted(test.join(later.select(b.columns), "device_id", "left"))
own_rmse = error(scored)
