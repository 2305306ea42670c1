models = in_spark(due.dropna(subset=["rmse"]))
failed = failed_of(due)
