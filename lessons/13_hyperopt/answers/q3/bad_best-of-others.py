trials = as_spark_trials(done)
worst = max(done.trials, key=lambda trial: trial["result"]["loss"])
best = {name: value[0] for name, value in worst["misc"]["vals"].items()}
