models, best_rank = right_models, right_rank
losses = {rank: round(loss, 3) for rank, loss in right_losses.items()}
