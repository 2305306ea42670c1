trials = as_spark_trials(done, parallelism=8)
best = done_best
