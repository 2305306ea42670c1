best_params, grid_loss, gain = right_params, right_loss, right_loss - lowest
grid_fits = len(right_losses) + 1
