trials = done.trials
best = done_best
