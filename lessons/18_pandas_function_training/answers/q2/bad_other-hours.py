models = listed.groupBy("device_id").applyInPandas(train_device, SCHEMA).cache()
failed = [row[0] for row in models.where("problem IS NOT NULL").collect()]
