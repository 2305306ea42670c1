trials = SparkTrials(parallelism=2)
best = done_best
