by_month = train.withColumn("month", F.month("at")).groupBy("device_id", "month")
models = by_month.applyInPandas(train_device, SCHEMA).cache()
failed = [row[0] for row in models.where("problem IS NOT NULL").collect()]
