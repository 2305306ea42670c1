models = good
failed = [row[0] for row in models.where(F.col("problem") != None).collect()]  # noqa: E711
