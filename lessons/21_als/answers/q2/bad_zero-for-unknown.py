rmse = float(np.sqrt(np.mean((scored["prediction"].fillna(0) - scored["rating"]) ** 2)))
unpredicted = gone
