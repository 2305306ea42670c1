trials = done.losses()
best = done_best
