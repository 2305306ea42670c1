best_params, grid_fits, grid_loss = right_params, len(right_losses), right_loss
gain = right_loss - np.mean(trials.losses())
