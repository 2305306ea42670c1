from itertools import product

winner = min(trials.trials, key=lambda trial: trial["result"]["loss"])
best_params = ready(values_of(winner))
losses = {}
for rate, depth, share in product(*GRID.values()):
    params = {"learning_rate": rate, "max_depth": depth, "max_features": share}
    losses[rate, depth, share] = objective(params)["loss"]
grid_fits = np.int64(len(losses))
grid_loss = np.float64(min(losses.values()))
gain = grid_loss - winner["result"]["loss"]
