trials = Trials()
best = searched(trials)
