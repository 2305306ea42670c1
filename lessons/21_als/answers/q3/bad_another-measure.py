models, losses = right_models, losses_of(right_models, validation, "mse")
best_rank = min(losses, key=losses.get)
