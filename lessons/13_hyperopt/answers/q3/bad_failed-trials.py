trials = as_spark_trials(done)
trials._dynamic_trials = copy.deepcopy(done._dynamic_trials)
trials._dynamic_trials[3]["state"] = 3  # as after an error
trials.refresh()
best = trials.argmin
