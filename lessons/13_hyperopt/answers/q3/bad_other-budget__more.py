many = Trials()
best = searched(many, evals=12)
trials = as_spark_trials(many)
