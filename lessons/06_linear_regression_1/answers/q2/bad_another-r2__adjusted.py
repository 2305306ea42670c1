rmse, mae = np.sqrt(np.mean(e**2)), np.mean(np.abs(e))
r2 = 1 - np.sum(e**2) / np.sum((y - y.mean()) ** 2)
r2 = 1 - (1 - r2) * (len(y) - 1) / (len(y) - len(FEATURES) - 1)
