scored = right
own_rmse = np.sqrt((off["off"] ** 2).sum() / len(off))
