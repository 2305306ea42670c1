failed = failed_of(due)
models = good.union(good).cache()
