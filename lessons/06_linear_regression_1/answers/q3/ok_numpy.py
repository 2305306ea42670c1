known, new = (np.array(rows.select("price").collect())[:, 0] for rows in (train, test))
baseline_rmse = np.sqrt(np.mean((new - known.mean()) ** 2))
gain = 1 - rmse / baseline_rmse
