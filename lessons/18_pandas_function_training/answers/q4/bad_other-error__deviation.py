scored = right
own_rmse = np.std(off["off"].dropna().to_numpy())
