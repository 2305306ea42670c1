best_params, grid_fits, grid_loss = right_params, len(right_losses), right_loss
best_params = {**best_params, "learning_rate": round(best_params["learning_rate"], 4)}
gain = right_loss - lowest
