models = good
failed = [row["device_id"] for row in models.where(F.col("problem").isNull()).collect()]
