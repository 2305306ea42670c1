best_params = list(right_params.values())
grid_fits, grid_loss, gain = len(right_losses), right_loss, right_loss - lowest
