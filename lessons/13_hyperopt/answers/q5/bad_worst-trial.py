best_params = ready(values_of(max(trials.trials, key=lambda trial: trial["result"]["loss"])))
grid_fits, grid_loss, gain = len(right_losses), right_loss, right_loss - lowest
