rmse, mae = np.sqrt(np.mean(e**2)), np.mean(np.abs(e))
r2 = 1 - rmse / np.std(y)
