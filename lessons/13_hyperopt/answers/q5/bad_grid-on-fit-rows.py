best_params, grid_fits = right_params, len(right_losses)
grid_loss = min(rmse(params, (X_fit, y_fit)) for params in ParameterGrid(GRID))
gain = grid_loss - lowest
