filled = scored["prediction"].fillna(scored["rating"].mean() - 3)
rmse = float(np.sqrt(np.mean((filled - scored["rating"]) ** 2)))
unpredicted = gone
