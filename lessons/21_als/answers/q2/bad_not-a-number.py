rmse = float(np.mean(scored["prediction"].to_numpy(dtype=float)))
unpredicted = gone
