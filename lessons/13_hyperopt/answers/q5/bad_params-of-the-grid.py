best_params = min(ParameterGrid(GRID), key=rmse)
grid_fits, grid_loss, gain = len(right_losses), right_loss, right_loss - lowest
