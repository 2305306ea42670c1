best_params, grid_fits, grid_loss = right_params, len(right_losses), right_loss
grid_fits, gain = len(trials.losses()), right_loss - lowest
