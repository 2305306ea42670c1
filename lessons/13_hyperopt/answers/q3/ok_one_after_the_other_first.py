trials = as_spark_trials(done)
best = trials.argmin
