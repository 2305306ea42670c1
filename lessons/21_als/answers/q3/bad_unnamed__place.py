models, losses = right_models, right_losses
best_rank = int(np.argmin(list(losses.values())))
