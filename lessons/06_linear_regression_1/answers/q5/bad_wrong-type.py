cost = dict.fromkeys(FEATURES, f"{rmse:.2f}")
