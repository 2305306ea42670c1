models = {rank: ALS(rank=rank, regParam=0.05, **COLUMNS, **QUICK) for rank in RANKS}
losses, best_rank = right_losses, right_rank
