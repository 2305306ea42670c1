models, losses = right_models, right_losses
best_rank = max(losses, key=losses.get)
