def of_last():
    kept = sorted(trials.trials, key=lambda trial: trial["tid"])
    return ready(values_of(kept[-1]))


best_params = of_last()
grid_fits, grid_loss, gain = len(right_losses), right_loss, right_loss - lowest
