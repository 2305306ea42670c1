models = in_spark(due.assign(intercept=due["intercept"].shift(1)))
failed = failed_of(due)
