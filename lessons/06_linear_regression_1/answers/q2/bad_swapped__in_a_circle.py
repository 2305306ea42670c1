one, two, three = np.sqrt(np.mean(e**2)), np.mean(np.abs(e)), 1 - np.mean(e**2) / np.var(y)
r2, rmse, mae = one, two, three
