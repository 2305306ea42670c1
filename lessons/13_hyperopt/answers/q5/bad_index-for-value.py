best_params = {**trials.argmin, "max_depth": int(trials.argmin["max_depth"])}
grid_fits, grid_loss, gain = len(right_losses), right_loss, right_loss - lowest
