models, losses = right_models, losses_of(right_models, test)
best_rank = min(losses, key=losses.get)
