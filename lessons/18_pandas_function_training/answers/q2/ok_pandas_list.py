models = train.repartition(3, "device_id").groupBy("device_id")
models = models.applyInPandas(train_device, SCHEMA).cache()
failed = models.toPandas().query("problem.notna()")["device_id"].tolist()
