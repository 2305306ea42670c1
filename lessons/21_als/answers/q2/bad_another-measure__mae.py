rmse = float((known["prediction"] - known["rating"]).abs().mean())
unpredicted = gone
