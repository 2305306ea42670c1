best_params, grid_fits, grid_loss = right_params, len(right_losses), right_loss
gain = (grid_loss - lowest) / grid_loss
