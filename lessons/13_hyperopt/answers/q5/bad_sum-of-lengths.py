best_params, grid_loss, gain = right_params, right_loss, right_loss - lowest
grid_fits = sum(len(values) for values in GRID.values())
