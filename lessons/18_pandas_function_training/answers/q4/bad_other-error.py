scored = right
own_rmse = np.mean(off["off"] ** 2)
