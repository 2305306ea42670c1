best_params, grid_fits = right_params, len(right_losses)
grid_loss = max(right_losses)
gain = grid_loss - lowest
