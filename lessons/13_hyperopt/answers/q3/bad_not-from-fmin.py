trials = as_spark_trials(done)
best = min(done.losses())
