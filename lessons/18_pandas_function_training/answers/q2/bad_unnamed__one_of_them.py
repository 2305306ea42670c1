models = good
failed = failed_of(due)[:1]
