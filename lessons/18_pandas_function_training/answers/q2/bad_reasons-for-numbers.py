models = good
failed = [row["problem"] for row in models.collect() if row["problem"] is not None]
