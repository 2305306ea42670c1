rmse = np.sqrt(((known["rating"] - known["prediction"]) ** 2).mean())
unpredicted = scored["prediction"].isna().sum()
