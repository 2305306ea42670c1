other = Trials()
best = searched(other, space={**space, "learning_rate": hp.uniform("learning_rate", 0.6, 0.9)})
trials = as_spark_trials(other)
