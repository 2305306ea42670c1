models = train.groupBy("device_id")
failed = failed_of(due)
