best_params = {**right_params, "loss": lowest}
grid_fits, grid_loss, gain = len(right_losses), right_loss, right_loss - lowest
