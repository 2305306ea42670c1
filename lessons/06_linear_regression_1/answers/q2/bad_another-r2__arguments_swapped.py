from sklearn.metrics import r2_score

rmse, mae = np.sqrt(np.mean(e**2)), np.mean(np.abs(e))
r2 = r2_score(p, y)
