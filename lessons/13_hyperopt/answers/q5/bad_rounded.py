best_params, grid_fits = right_params, len(right_losses)
grid_loss = round(right_loss, 4)
gain = right_loss - lowest
