few = Trials()
best = searched(few, evals=4)
trials = as_spark_trials(few)
