def seconds(trial):
    return (trial["refresh_time"] - trial["book_time"]).total_seconds()


# neither the best nor the worst nor the last one may be the fastest here
in_order = sorted(trials.trials, key=lambda trial: trial["result"]["loss"])
quick = next(trial for trial in in_order[2:6] if trial["tid"] < 7)
quick["refresh_time"] = quick["book_time"]
best_params = ready(values_of(min(trials.trials, key=seconds)))
grid_fits, grid_loss, gain = len(right_losses), right_loss, right_loss - lowest
