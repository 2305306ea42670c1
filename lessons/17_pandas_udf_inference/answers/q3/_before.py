by_d = scorer_d(offers).toPandas().sort_values("id")["prediction"].to_numpy()
mine = np.exp(load_model().predict(homes[COLUMNS].to_numpy()))
gap = np.abs(by_d - mine)
