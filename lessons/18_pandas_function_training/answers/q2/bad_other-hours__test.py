models = in_spark(trained(test.toPandas())).cache()
failed = failed_of(due)
