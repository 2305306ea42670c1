models = in_spark(trained(train.toPandas()))
failed = np.array(failed_of(due))
