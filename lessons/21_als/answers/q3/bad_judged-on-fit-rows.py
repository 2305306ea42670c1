models, losses = right_models, losses_of(right_models, fit_rows)
best_rank = min(losses, key=losses.get)
