best_params = space_eval(space, trials.argmin)
grid_fits, grid_loss, gain = len(right_losses), right_loss, right_loss - lowest
