best_params = right_params
part = [rmse(params) for params in ParameterGrid({**GRID, "learning_rate": [0.005]})]
grid_fits, grid_loss = len(part), min(part)
gain = grid_loss - lowest
