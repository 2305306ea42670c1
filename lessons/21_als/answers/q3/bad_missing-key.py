models, best_rank = right_models, right_rank
losses = {str(rank): loss for rank, loss in right_losses.items()}
